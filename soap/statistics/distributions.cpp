#include "soap/statistics/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

#include "soap/base/text.hpp"
#include "soap/statistics/boundary.hpp"
#include "soap/statistics/checks.hpp"

namespace soap {

namespace {

// The continued fraction of the incomplete beta function, which converges fast for x < (a + 1)/(a + b + 2).
double beta_fraction(double x, double a, double b) {
  constexpr double tiny = std::numeric_limits<double>::min() / std::numeric_limits<double>::epsilon();
  const auto nonzero = [](double value) { return std::abs(value) < tiny ? tiny : value; };
  double c = 1;
  double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < 10'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    fraction *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    const double step = c * d;
    fraction *= step;
    if (std::abs(step - 1) < 1e-15) break;
  }
  return fraction;
}

// Simpson's rule on an even number of steps.
template <class Function>
double integral(double low, double high, int steps, const Function& function) {
  const double step = (high - low) / steps;
  double sum = function(low) + function(high);
  for (int i = 1; i < steps; ++i) sum += (i % 2 == 1 ? 4 : 2) * function(low + i * step);
  return sum * step / 3;
}

}  // namespace

double normal_density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }

double normal_below(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

double regularized_beta(double x, double a, double b) {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0)) {
    throw std::invalid_argument("incomplete beta function: found x = " + to_text(x) + ", a = " + to_text(a) +
                                " and b = " + to_text(b) + ", expected x from 0 to 1, a and b above 0");
  }
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(x, a, b) / a
                                   : 1 - front * beta_fraction(1 - x, b, a) / b;
}

// Abramowitz and Stegun (1964), 26.7.1.
double student_t_below(double t, int degrees) {
  detail::check_degrees("Student's t", degrees);
  const double tail = regularized_beta(degrees / (degrees + t * t), degrees / 2.0, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

double student_t_above(double share, int degrees) {
  if (!(share > 0 && share < 0.5)) {
    throw std::invalid_argument("Student's t: found a share of " + to_text(share) +
                                ", expected one between 0 and 1/2");
  }
  double far = 1;
  while (student_t_below(-far, degrees) > share && far < 1e12) far *= 2;
  return boundary(0, far, [&](double t) { return student_t_below(-t, degrees) > share; });
}

// Abramowitz and Stegun (1964), 26.6.2.
double f_above(double f, double numerator, double denominator) {
  detail::check_numbers("F distribution", "f =", {&f, 1});
  for (const double degrees : {numerator, denominator}) {
    if (degrees > 0) continue;
    throw std::invalid_argument("F distribution: found " + to_text(degrees) +
                                " degrees of freedom, expected more than 0");
  }
  if (f <= 0) return 1;
  return regularized_beta(denominator / (denominator + numerator * f), denominator / 2, numerator / 2);
}

// Abramowitz and Stegun (1964), 26.4.4 and 26.4.5, whose terms are those of a Poisson distribution at whole
// or half numbers.
double chi_square_above(double x, int degrees) {
  detail::check_degrees("chi-square", degrees);
  if (!(x >= 0)) throw std::invalid_argument("chi-square: found " + to_text(x) + ", expected at least 0");
  if (x == 0) return 1;
  const double half = x / 2;
  const bool odd = degrees % 2 == 1;
  double sum = odd ? std::erfc(std::sqrt(half)) : 0;
  for (double power = odd ? 0.5 : 0; power < degrees / 2.0; ++power)
    sum += std::exp(power * std::log(half) - half - std::lgamma(power + 1));
  return std::min(sum, 1.0);
}

double studentized_range_above(double q, std::size_t k) {
  detail::check_numbers("studentized range", "q =", {&q, 1});
  if (k < 2) {
    throw std::invalid_argument("studentized range: found " + std::to_string(k) +
                                " values, expected at least 2");
  }
  const auto others = static_cast<double>(k - 1);
  // The smallest value is z, and all others lie within q above it.
  const double within = integral(-9, 9, 720, [&](double z) {
    return normal_density(z) * std::pow(normal_below(z + q) - normal_below(z), others);
  });
  return std::clamp(1 - static_cast<double>(k) * within, 0.0, 1.0);
}

// Over the sample's standard deviation s, of which degrees·s² has a chi-square distribution.
double noncentral_t_beyond(double critical, int degrees, double noncentrality) {
  detail::check_degrees("noncentral t", degrees);
  detail::check_finite("noncentral t", "a noncentrality of", {&noncentrality, 1});
  const double nu = degrees;
  const double log_scale = std::numbers::ln2 + nu / 2 * std::log(nu / 2) - std::lgamma(nu / 2);
  const double spread = 12 / std::sqrt(2 * nu);
  const double within = integral(std::max(1e-12, 1 - spread), 1 + spread, 2000, [&](double s) {
    const double density = std::exp(log_scale + (nu - 1) * std::log(s) - nu * s * s / 2);
    return density *
           (normal_below(critical * s - noncentrality) - normal_below(-critical * s - noncentrality));
  });
  return std::clamp(1 - within, 0.0, 1.0);
}

}  // namespace soap
