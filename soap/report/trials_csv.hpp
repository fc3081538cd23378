// All trials of a sweep in one tidy table.
#pragma once

#include <filesystem>

#include "soap/report/sweep_summary.hpp"
#include "soap/sweep/trial_store.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Writes a row for each trial, those with a source of chance of their own last, whole or not at all: its
/// setting, each part in a column of its own, and its figures, accuracies as shares of 1; blank where there
/// is no such figure. A parameter of the optimizers that some text names is a column, with the default where
/// another text does not say it, and blank for an optimizer without it; `momentum` and `weight_decay` are
/// always there. `summary`, of the same trials, says which settings were chosen. The columns are explained in
/// docs/reading_a_report.md. Throws IoError when the file cannot be written.
void write_trials_csv(const std::filesystem::path& path, const StoredTrials& trials,
                      const SweepSummary& summary);

}  // namespace SOAP_ABI
}  // namespace soap
