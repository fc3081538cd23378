#include "soap/statistics/best_of.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/statistics/checks.hpp"

namespace soap {

namespace {

std::vector<double> descending(std::span<const double> values) {
  detail::check_finite("expected best", "a value of", values);
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  return sorted;
}

}  // namespace

double expected_best(std::span<const double> values, std::size_t trials) {
  if (trials < 1 || trials > values.size()) {
    throw std::invalid_argument("expected best: found " + std::to_string(trials) + " trials of " +
                                std::to_string(values.size()) + " values, expected from 1 to that number");
  }
  const auto drawn = static_cast<double>(trials);
  double expected = 0;
  double none_better = 1;  // the chance that all better values were left
  auto left = static_cast<double>(values.size());
  for (const double value : descending(values)) {
    // Given that, each of the others is as likely to be among those drawn.
    const double chance = std::min(1.0, drawn / left);
    expected += none_better * chance * value;
    none_better *= 1 - chance;
    if (none_better <= 0) break;
    --left;
  }
  return expected;
}

double expected_best_with_replacement(std::span<const double> values, std::size_t trials) {
  if (trials < 1 || values.empty()) {
    throw std::invalid_argument("expected best: found " + std::to_string(trials) + " trials of " +
                                std::to_string(values.size()) + " values, expected at least one of both");
  }
  const auto count = static_cast<double>(values.size());
  const auto drawn = static_cast<double>(trials);
  double expected = 0;
  double at_most = count;  // how many values are no better
  for (const double value : descending(values)) {
    expected += (std::pow(at_most / count, drawn) - std::pow((at_most - 1) / count, drawn)) * value;
    --at_most;
  }
  return expected;
}

double mean_over_log_rate(std::span<const double> rates, std::span<const double> accuracies) {
  if (rates.size() < 2 || rates.size() != accuracies.size()) {
    throw std::invalid_argument("area under the learning-rate curve: found " + std::to_string(rates.size()) +
                                " rates and " + std::to_string(accuracies.size()) +
                                " accuracies, expected as many of both, at least 2");
  }
  detail::check_finite("area under the learning-rate curve", "a rate of", rates);
  detail::check_finite("area under the learning-rate curve", "an accuracy of", accuracies);
  double area = 0;
  double width = 0;
  for (std::size_t i = 1; i < rates.size(); ++i) {
    if (!(rates[i - 1] > 0 && rates[i] > rates[i - 1])) {
      throw std::invalid_argument("area under the learning-rate curve: found rate " + to_text(rates[i]) +
                                  " after " + to_text(rates[i - 1]) + ", expected ascending ones above 0");
    }
    const double step = std::log(rates[i] / rates[i - 1]);
    area += step * (accuracies[i - 1] + accuracies[i]) / 2;
    width += step;
  }
  return area / width;
}

}  // namespace soap
