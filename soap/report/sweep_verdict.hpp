// What the numbers of a sweep say, in words.
#pragma once

#include <optional>
#include <string>

#include "soap/report/sweep_summary.hpp"
#include "soap/sweep/choice_names.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The fewest seeds with which so many tests at once can find a difference at all, at the level of a first
/// look; see sign_flip_test.
std::size_t seeds_to_decide(std::size_t tests);

/// "better", "equal within 0.50 points", ...: what a comparison with the baseline came to.
std::string conclusion_text(const PairedDifference& difference, double level, std::optional<double> margin);

/// What beats what, by how much, what is undecided, and what a single learning rate would have said:
/// paragraphs and lists in Markdown. It says no more than the numbers allow.
std::string verdict(const ProblemSummary& problem, const SweepSummary& summary, const ChoiceNames& names);

/// How many seeds it would take to find smaller differences, from the spread of those found: a table in
/// Markdown, empty where nothing was tested.
std::string planning_table(const ProblemSummary& problem);

}  // namespace SOAP_ABI
}  // namespace soap
