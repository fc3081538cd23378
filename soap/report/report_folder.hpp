// OUT/report: what a sweep's reader gets.
#pragma once

#include <filesystem>
#include <functional>

#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Reads the results below `out`, its config.json and timings, and writes OUT/report/report.md, summary.csv,
/// pairs.csv, trials.csv, pictures and, where there are trials for it, variance.csv, each whole or not at
/// all, and OUT/looks.csv: with how many seeds reports were made. `options.looks` is what that file says;
/// pictures of an earlier report that this one does not have are removed. Returns what was found. Throws
/// IoError when there are no results or a file cannot be written, std::invalid_argument when no result is
/// valid. `before_each_file` may be empty; what it throws ends the report, whose other files are then those
/// of an earlier one.
SweepSummary write_report(const std::filesystem::path& out, const SweepSummaryOptions& options = {},
                          const std::function<void()>& before_each_file = {});

}  // namespace SOAP_ABI
}  // namespace soap
