// The training loss of one run over its optimizer steps, and when it got low enough.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Row i says: the mean loss over the steps after row i - 1 (after step 0 for the first row), up to and with
/// step `steps[i]`, was `losses[i]`. Steps count optimizer steps from 1 and ascend.
struct LossCurve {
  std::vector<std::int64_t> steps;
  std::vector<double> losses;
};

/// At each row, the mean loss over at least the last `window` steps: over as many of the last rows as are
/// needed to cover them, each weighted by its number of steps. Rows before step `window` get the mean since
/// the start. Throws std::invalid_argument if the curve's two lists differ in length, if its steps do not
/// ascend from 1, or if `window` is below 1.
LossCurve moving_mean(const LossCurve& curve, std::int64_t window);

/// The first step at which the mean loss over at least the last `window` steps lies below `loss`; nothing if
/// that never happens. No step before `window` counts. Throws as `moving_mean`.
std::optional<std::int64_t> steps_to_loss(const LossCurve& curve, double loss, std::int64_t window = 20);

/// Steps to a loss over several runs, those that never reached it counted as infinitely slow.
struct StepsToLoss {
  /// The middle run, or the mean of the middle two; nothing if that is infinite, or with no runs.
  std::optional<double> median;
  std::int64_t reached = 0;
  std::int64_t runs = 0;
};

/// Throws as `moving_mean`.
StepsToLoss median_steps_to_loss(std::span<const LossCurve> runs, double loss, std::int64_t window = 20);

/// "1,373", "1,373 (4 of 5)" if some runs never reached the loss, "never (2 of 5)" if so many did not that
/// there is no median, and "never" if none did.
std::string to_text(const StepsToLoss& steps);

}  // namespace SOAP_ABI
}  // namespace soap
