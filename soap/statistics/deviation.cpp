#include "soap/statistics/deviation.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/base/text.hpp"
#include "soap/statistics/checks.hpp"
#include "soap/statistics/distributions.hpp"

namespace soap {

namespace {

// The point above which `share` of the distribution lies.
double chi_square_with_above(double share, int degrees) {
  double low = 0;
  double high = 1;
  while (chi_square_above(high, degrees) > share) high *= 2;
  for (int halving = 0; halving < 100; ++halving) {
    const double middle = (low + high) / 2;
    (chi_square_above(middle, degrees) > share ? low : high) = middle;
  }
  return high;
}

}  // namespace

Interval deviation_interval(double deviation, int degrees) {
  if (!(deviation >= 0 && std::isfinite(deviation))) {
    throw std::invalid_argument("interval of a deviation: found a deviation of " + to_text(deviation) +
                                ", expected a finite one of at least 0");
  }
  detail::check_degrees("interval of a deviation", degrees);
  constexpr double tail = 0.025;
  const auto bound = [&](double share) {
    return deviation * std::sqrt(degrees / chi_square_with_above(share, degrees));
  };
  return {.low = bound(tail), .high = bound(1 - tail)};
}

}  // namespace soap
