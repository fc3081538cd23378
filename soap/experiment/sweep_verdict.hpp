// What the numbers of a sweep say, in words.
#pragma once

#include <string>

#include "soap/experiment/choice_names.hpp"
#include "soap/experiment/sweep_summary.hpp"

namespace soap::inline SOAP_ABI {

/// How the report writes numbers: a share in percent, "92.31"; a difference in percentage points, "-0.40";
/// a p, "0.0039" or "< 0.0001"; an interval of shares, "92.11 to 92.50", or of differences.
std::string percent_text(double share);
std::string points_text(double difference);
std::string p_text(double p);
std::string percent_text(const Interval& interval);
std::string points_text(const Interval& interval);

/// The fewest seeds with which so many tests at once can find a difference at all; see sign_flip_test.
std::size_t seeds_to_decide(std::size_t tests);

/// What beats what, by how much, what is undecided, and what a single learning rate would have said:
/// paragraphs and lists in Markdown. It says no more than the numbers allow.
std::string verdict(const ProblemSummary& problem, const std::string& baseline, const ChoiceNames& names);

/// What speaks against trusting the numbers: a list in Markdown, empty when there is nothing.
std::string cautions(const ProblemSummary& problem, const ChoiceNames& names);

}  // namespace soap::inline SOAP_ABI
