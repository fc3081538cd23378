#include "soap/statistics/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/linalg/random.hpp"
#include "soap/statistics/distributions.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// Which share of the resampled means is to lie beyond each end (Hesterberg, 2015, section 5.4).
double expanded_tail(double tail, std::size_t count) {
  const auto n = static_cast<double>(count);
  // From 10,000 values on there is nothing left to expand.
  if (count > 10'000) return tail;
  return normal_below(-std::sqrt(n / (n - 1)) * student_t_above(tail, static_cast<int>(count) - 1));
}

}  // namespace

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
