#include "soap/experiment/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/linalg/random.hpp"

namespace soap::inline SOAP_ABI {

namespace {

double normal_below(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

// The point above which `share` of Student's t lies; share below 1/2.
double student_t_above(double share, int degrees) {
  double low = 0;
  double high = 1;
  const auto share_above = [&](double t) { return student_t_below(-t, degrees); };
  while (share_above(high) > share && high < 1e12) high *= 2;
  for (int halving = 0; halving < 100; ++halving) {
    const double middle = (low + high) / 2;
    (share_above(middle) > share ? low : high) = middle;
  }
  return high;
}

// Which share of the resampled means is to lie beyond each end (Hesterberg, 2015, section 5.4).
double expanded_tail(double tail, std::size_t count) {
  const auto n = static_cast<double>(count);
  // From 10,000 values on there is nothing left to expand.
  if (count > 10'000) return tail;
  return normal_below(-std::sqrt(n / (n - 1)) * student_t_above(tail, static_cast<int>(count) - 1));
}

}  // namespace

MeanAndDeviation mean_and_deviation(std::span<const double> values) {
  if (values.empty()) throw std::invalid_argument("mean: found no values");
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {.mean = mean, .deviation = values.size() == 1 ? 0 : std::sqrt(squares / (count - 1))};
}

// Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
double student_t_below(double t, int degrees) {
  if (degrees < 1) {
    throw std::invalid_argument("Student's t: found " + std::to_string(degrees) +
                                " degrees of freedom, expected at least 1");
  }
  const double angle = std::atan(t / std::sqrt(degrees));
  const double cosine = std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? cosine : 1;
  double sum = degrees == 1 ? 0 : term;
  for (int i = odd ? 3 : 2; i <= degrees - 2; i += 2) {
    term *= cosine * cosine * (i - 1) / i;
    sum += term;
  }
  const double within = odd ? 2 / std::numbers::pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
  return std::clamp((1 + within) / 2, 0.0, 1.0);
}

Interval bootstrap_interval(std::span<const double> values, const BootstrapOptions& options) {
  if (values.size() < 2) {
    throw std::invalid_argument("bootstrap: found " + std::to_string(values.size()) +
                                " values, expected at least 2");
  }
  if (!(options.level > 0 && options.level < 1)) {
    throw std::invalid_argument("bootstrap: found level " + to_text(options.level) +
                                ", expected one between 0 and 1");
  }
  if (options.resamples < 100) {
    throw std::invalid_argument("bootstrap: found " + std::to_string(options.resamples) +
                                " resamples, expected at least 100");
  }
  Rng rng(options.seed, "bootstrap");
  std::vector<double> means(static_cast<std::size_t>(options.resamples));
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[rng.below(values.size())];
    mean = sum / static_cast<double>(values.size());
  }
  const double tail = expanded_tail((1 - options.level) / 2, values.size());
  const auto beyond = static_cast<std::ptrdiff_t>(tail * static_cast<double>(means.size()));
  const auto at = [&](std::ptrdiff_t rank) {
    std::nth_element(means.begin(), means.begin() + rank, means.end());
    return means[static_cast<std::size_t>(rank)];
  };
  const auto last = static_cast<std::ptrdiff_t>(means.size()) - 1;
  const double low = at(beyond);
  return {.low = low, .high = at(last - beyond)};
}

}  // namespace soap::inline SOAP_ABI
