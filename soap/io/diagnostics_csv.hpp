// The rows of diagnostics.csv.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "soap/diagnostics/diagnostics.hpp"
#include "soap/io/metrics_csv.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// "rule,step_kind,lr,seed,epoch,step,examples,layer," and the names of `diagnostic_columns`, as a line.
std::string diagnostics_header();

/// A run's samples in these columns, a row for each layer and one for all; what was not measured is blank.
std::string diagnostics_rows(const RunLabel& label, const std::vector<DiagnosticSample>& samples);

/// Takes samples, and writes a file of them when the run has ended, whole or not at all. Throws as
/// Diagnostics, and IoError.
std::unique_ptr<Observer> diagnostics_file(std::filesystem::path path, RunLabel label,
                                           const DiagnosticsOptions& options = {});

/// The samples of one run.
struct DiagnosticsRun {
  RunLabel run;
  std::vector<DiagnosticSample> samples;
};

/// Reads a diagnostics.csv; runs come in the order of their first rows. Throws IoError as `read_csv`, and for
/// a missing column, a cell that is not what its column holds, steps of a run that descend, and a file
/// without rows.
std::vector<DiagnosticsRun> read_diagnostics(const std::filesystem::path& path);

}  // namespace SOAP_ABI
}  // namespace soap
