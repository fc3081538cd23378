#include "soap/statistics/improvement.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "soap/statistics/checks.hpp"

namespace soap {

double probability_of_improvement(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) throw std::invalid_argument("probability of improvement: found no runs");
  for (const auto runs : {a, b}) detail::check_numbers("probability of improvement", "a run of", runs);
  std::vector<double> sorted(b.begin(), b.end());
  std::sort(sorted.begin(), sorted.end());
  double halves = 0;
  for (const double run : a) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), run);
    halves += static_cast<double>((first - sorted.begin()) + (last - sorted.begin()));
  }
  return halves / (2 * static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

double share_improved(std::span<const double> differences) {
  if (differences.empty()) throw std::invalid_argument("share of improved pairs: found no pairs");
  detail::check_numbers("share of improved pairs", "a difference of", differences);
  double halves = 0;
  for (const double difference : differences) halves += difference > 0 ? 2 : difference == 0 ? 1 : 0;
  return halves / (2 * static_cast<double>(differences.size()));
}

}  // namespace soap
