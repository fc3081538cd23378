// Training curves: from a metrics.csv to a picture that compares rules.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "soap/learn/loss_curve.hpp"
#include "soap/plot/chart.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct RunCurve {
  std::string rule;
  std::string step_kind;
  double lr = 0;
  std::uint64_t seed = 0;
  LossCurve train;
};

/// Reads the training losses of a metrics.csv; runs come in the order of their first rows. Rows with a blank
/// train_loss are passed over: the next loss then stands for the steps since the last one measured. Throws
/// IoError as `read_csv`, and for a missing column, a cell that is not what its column holds, steps of a run
/// that do not ascend, and a file without any training loss.
std::vector<RunCurve> read_curves(const std::filesystem::path& path);

struct CurvesOptions {
  std::string title = "Training loss";
  /// The loss whose crossing is marked.
  double target_loss = 0.3;
  /// Steps of the moving mean that smooths the lines.
  std::int64_t smoothing_window = 20;
  /// Steps of the mean that has to lie below the target, as in `steps_to_loss`.
  std::int64_t crossing_window = 20;
};

/// One line for each rule (and step kind and learning rate, where there are several): the smoothed training
/// loss, averaged over seeds, in a band from the lowest seed to the highest. The median steps to the target
/// loss are marked and written at the axis. Throws std::invalid_argument for options out of range and broken
/// curves.
Figure curves_figure(std::vector<RunCurve> runs, const CurvesOptions& options = {});

}  // namespace SOAP_ABI
}  // namespace soap
