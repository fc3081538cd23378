#include "soap/statistics/rate.hpp"

#include <stdexcept>
#include <string>

#include "soap/statistics/boundary.hpp"
#include "soap/statistics/checks.hpp"
#include "soap/statistics/distributions.hpp"

namespace soap {

namespace {

void check(std::size_t hits, std::size_t runs, double level) {
  if (runs == 0 || hits > runs) {
    throw std::invalid_argument("rate: found " + std::to_string(hits) + " hits of " + std::to_string(runs) +
                                " runs, expected at least one run and no more hits than runs");
  }
  detail::check_share("rate", "level", level);
}

// The rate at which `hits` or fewer come with that chance.
double upper_rate(std::size_t hits, std::size_t runs, double chance) {
  if (hits == runs) return 1;
  const auto k = static_cast<double>(hits);
  const auto n = static_cast<double>(runs);
  return boundary(0, 1, [&](double rate) { return regularized_beta(1 - rate, n - k, k + 1) > chance; });
}

}  // namespace

double rate_upper_bound(std::size_t hits, std::size_t runs, double level) {
  check(hits, runs, level);
  return upper_rate(hits, runs, 1 - level);
}

Interval rate_interval(std::size_t hits, std::size_t runs, double level) {
  check(hits, runs, level);
  const double chance = (1 - level) / 2;
  return {.low = 1 - upper_rate(runs - hits, runs, chance), .high = upper_rate(hits, runs, chance)};
}

}  // namespace soap
