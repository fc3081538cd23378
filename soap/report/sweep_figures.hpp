// The pictures of a sweep's report.
#pragma once

#include <string>
#include <vector>

#include "soap/plot/chart.hpp"
#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct SweepFigure {
  std::string problem;  ///< its name
  std::string file;     ///< "learning_rate.png", with the problem's number where there are several
  std::string caption;
  Figure figure;
};

/// For each problem, as far as there is something to draw: accuracy and loss against the learning rate, test
/// accuracies with their intervals and differences, accuracy against passes and against transported bits,
/// what less tuning would have found, and steps to the target loss. The summary must be that of the records.
std::vector<SweepFigure> sweep_figures(const SweepSummary& summary, const std::vector<TrialRecord>& records);

/// Whether a report's picture has such a name: "progress.png" or "progress-2.png".
bool is_sweep_figure(const std::string& file);

}  // namespace SOAP_ABI
}  // namespace soap
