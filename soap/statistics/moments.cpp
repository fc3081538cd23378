#include "soap/statistics/moments.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "soap/statistics/checks.hpp"

namespace soap {

namespace {

double mean_of(std::span<const double> values) {
  if (values.empty()) throw std::invalid_argument("mean: found no values");
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

MeanAndDeviation mean_and_deviation(std::span<const double> values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto others = static_cast<double>(values.size() - 1);
  return {.mean = mean, .deviation = values.size() == 1 ? 0 : std::sqrt(squares / others)};
}

double interquartile_mean(std::span<const double> values) {
  detail::check_numbers("mean of the middle half", "a value of", values);
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t quarter = sorted.size() / 4;
  return mean_of(std::span(sorted).subspan(quarter, sorted.size() - 2 * quarter));
}

}  // namespace soap
