#include "soap/statistics/power.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/base/text.hpp"
#include "soap/statistics/boundary.hpp"
#include "soap/statistics/checks.hpp"
#include "soap/statistics/distributions.hpp"
#include "soap/statistics/sign_flip.hpp"

namespace soap {

namespace {

constexpr const char* who = "power of a test";
constexpr std::size_t most_pairs = 1'000'000;

void check_deviation(double deviation) {
  if (!(deviation > 0 && std::isfinite(deviation))) {
    throw std::invalid_argument(std::string(who) + ": found a standard deviation of " + to_text(deviation) +
                                ", expected a finite one above 0");
  }
}

// The largest p below `level` that so many pairs can have; their p-values are multiples of the smallest.
double attained_level(std::size_t pairs, double level) {
  if (pairs > SignFlipOptions().most_enumerated) return level;
  const double smallest = smallest_sign_flip_p(pairs);
  return (std::ceil(level / smallest) - 1) * smallest;
}

}  // namespace

double sign_flip_power(std::size_t pairs, double difference, double deviation, double level) {
  detail::check_share(who, "level", level);
  check_deviation(deviation);
  detail::check_finite(who, "a difference of", {&difference, 1});
  const double attained = attained_level(pairs, level);
  if (attained <= 0) return 0;
  const double effect = std::abs(difference) / deviation;
  const auto n = static_cast<double>(pairs);
  // All differences of one sign.
  if (attained == smallest_sign_flip_p(pairs))
    return std::pow(normal_below(effect), n) + std::pow(normal_below(-effect), n);
  const int degrees = static_cast<int>(pairs) - 1;
  return noncentral_t_beyond(student_t_above(attained / 2, degrees), degrees, effect * std::sqrt(n));
}

std::optional<std::size_t> seeds_for(double difference, double deviation, double level, double power) {
  detail::check_share(who, "a power of", power);
  const auto too_few = [&](std::size_t pairs) {
    return sign_flip_power(pairs, difference, deviation, level) < power;
  };
  std::size_t few = 1;
  std::size_t enough = 2;
  for (; too_few(enough); enough *= 2) {
    if (enough > most_pairs) return std::nullopt;
    few = enough;
  }
  while (enough - few > 1) {
    const std::size_t middle = (few + enough) / 2;
    (too_few(middle) ? few : enough) = middle;
  }
  return enough;
}

std::optional<double> detectable_difference(std::size_t pairs, double deviation, double level, double power) {
  detail::check_share(who, "a power of", power);
  detail::check_share(who, "level", level);
  check_deviation(deviation);
  if (attained_level(pairs, level) <= 0) return std::nullopt;
  const auto detected = [&](double difference) {
    return sign_flip_power(pairs, difference, deviation, level) >= power;
  };
  double large = deviation;
  while (!detected(large)) large *= 2;
  return boundary(large, 0, detected, 1e-9 * deviation);
}

}  // namespace soap
