#include "soap/statistics/family.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include "soap/base/text.hpp"
#include "soap/statistics/checks.hpp"

namespace soap {

namespace {

void check_p(std::span<const double> p_values) {
  for (const double p : p_values) {
    if (p >= 0 && p <= 1) continue;
    throw std::invalid_argument("family of tests: found a p of " + to_text(p) + ", expected one from 0 to 1");
  }
}

// The share of the level that a single test of the family must be able to come below.
double tarone_bound(std::span<const double> smallest, double level) {
  for (std::size_t k = 1;; ++k) {
    const double bound = level / static_cast<double>(k);
    const auto reach = std::count_if(smallest.begin(), smallest.end(), [&](double p) { return p < bound; });
    if (static_cast<std::size_t>(reach) <= k) return bound;
  }
}

}  // namespace

std::vector<double> holm(std::span<const double> p_values) {
  check_p(p_values);
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> corrected(p_values.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double factor = static_cast<double>(order.size() - i);
    largest = std::max(largest, std::min(1.0, factor * p_values[order[i]]));
    corrected[order[i]] = largest;
  }
  return corrected;
}

std::vector<std::optional<double>> tarone_holm(std::span<const double> p_values,
                                               std::span<const double> smallest, double level) {
  if (p_values.size() != smallest.size()) {
    throw std::invalid_argument("family of tests: found " + std::to_string(smallest.size()) +
                                " smallest p-values, expected " + std::to_string(p_values.size()));
  }
  detail::check_share("family of tests", "level", level);
  check_p(smallest);
  check_p(p_values);
  const double bound = tarone_bound(smallest, level);
  std::vector<double> within;
  for (std::size_t i = 0; i < smallest.size(); ++i) {
    if (smallest[i] < bound) within.push_back(p_values[i]);
  }
  const std::vector<double> corrected = holm(within);
  std::vector<std::optional<double>> result(p_values.size());
  auto next = corrected.begin();
  for (std::size_t i = 0; i < smallest.size(); ++i) {
    if (smallest[i] < bound) result[i] = *next++;
  }
  return result;
}

}  // namespace soap
