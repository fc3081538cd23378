// A sweep's figures as tables for programs. Their columns are explained in docs/reading_a_report.md.
#pragma once

#include <string>

#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The text of summary.csv: a row for each problem and method, accuracies and differences as shares of 1;
/// blank where there is nothing.
std::string sweep_summary_csv(const SweepSummary& summary);

/// The text of pairs.csv: a row for each problem and pair of compared methods.
std::string sweep_pairs_csv(const SweepSummary& summary);

}  // namespace SOAP_ABI
}  // namespace soap
