#include "soap/experiment/statistics.hpp"

#include <cmath>
#include <numeric>
#include <stdexcept>

namespace soap::inline SOAP_ABI {

MeanAndDeviation mean_and_deviation(std::span<const double> values) {
  if (values.empty()) throw std::invalid_argument("mean: found no values");
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {.mean = mean, .deviation = values.size() == 1 ? 0 : std::sqrt(squares / (count - 1))};
}

}  // namespace soap::inline SOAP_ABI
