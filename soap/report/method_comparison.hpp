// What the trials of several methods say beside each other.
#pragma once

#include <optional>
#include <vector>

#include "soap/report/sweep_records.hpp"
#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Marks methods whose results are the same as those of an earlier one: `same_as`.
void mark_same_results(ProblemSummary& problem, const ProblemRecords& records);

/// How many seeds all compared methods have; with fewer than two compared, all judged ones.
std::size_t common_seeds(const ProblemSummary& problem);

/// Compares each method with the problem's baseline, if it has one, at the problem's level.
void compare_with_baseline(ProblemSummary& problem, const ProblemRecords& records,
                           std::optional<double> margin);

/// Sorts the compared methods by descending accuracy, and compares all pairs of them at the problem's level.
/// `baseline` is found anew.
void compare_all_pairs(ProblemSummary& problem, const ProblemRecords& records);

}  // namespace SOAP_ABI
}  // namespace soap
