#include "soap/learn/loss_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

void check(const LossCurve& curve, std::int64_t window) {
  if (window < 1) {
    throw std::invalid_argument("loss curve: the window is " + std::to_string(window) +
                                " steps, expected at least 1");
  }
  if (curve.steps.size() != curve.losses.size()) {
    throw std::invalid_argument("loss curve: found " + std::to_string(curve.losses.size()) + " losses for " +
                                std::to_string(curve.steps.size()) + " steps, expected as many");
  }
  std::int64_t before = 0;
  for (const std::int64_t step : curve.steps) {
    if (step <= before) {
      throw std::invalid_argument("loss curve: found step " + std::to_string(step) + " after step " +
                                  std::to_string(before) + ", expected steps that ascend from 1");
    }
    before = step;
  }
}

}  // namespace

LossCurve moving_mean(const LossCurve& curve, std::int64_t window) {
  check(curve, window);
  LossCurve mean{.steps = curve.steps, .losses = {}};
  mean.losses.reserve(curve.losses.size());
  for (std::size_t row = 0; row < curve.steps.size(); ++row) {
    // Summed anew at each row: a running sum would never recover from one infinite loss.
    double sum = 0;
    std::int64_t covered = 0;
    for (std::size_t i = row + 1; i-- > 0 && covered < window;) {
      const std::int64_t length = curve.steps[i] - (i == 0 ? 0 : curve.steps[i - 1]);
      sum += static_cast<double>(length) * curve.losses[i];
      covered += length;
    }
    mean.losses.push_back(sum / static_cast<double>(covered));
  }
  return mean;
}

std::optional<std::int64_t> steps_to_loss(const LossCurve& curve, double loss, std::int64_t window) {
  const LossCurve mean = moving_mean(curve, window);
  for (std::size_t row = 0; row < mean.steps.size(); ++row) {
    if (mean.steps[row] >= window && mean.losses[row] < loss) return mean.steps[row];
  }
  return std::nullopt;
}

StepsToLoss median_steps_to_loss(std::span<const LossCurve> runs, double loss, std::int64_t window) {
  StepsToLoss result;
  std::vector<double> steps;
  for (const LossCurve& run : runs) {
    const auto reached = steps_to_loss(run, loss, window);
    if (reached) ++result.reached;
    steps.push_back(reached ? static_cast<double>(*reached) : std::numeric_limits<double>::infinity());
  }
  result.runs = static_cast<std::int64_t>(steps.size());
  if (steps.empty()) return result;
  std::sort(steps.begin(), steps.end());
  const double median = (steps[(steps.size() - 1) / 2] + steps[steps.size() / 2]) / 2;
  if (std::isfinite(median)) result.median = median;
  return result;
}

std::string to_text(const StepsToLoss& steps) {
  std::string text = steps.median ? with_thousands(std::llround(*steps.median)) : "never";
  if (steps.reached > 0 && steps.reached < steps.runs) {
    text += " (" + std::to_string(steps.reached) + " of " + std::to_string(steps.runs) + ")";
  }
  return text;
}

}  // namespace SOAP_ABI
}  // namespace soap
