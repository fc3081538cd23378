#include "soap/statistics/ranks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

#include "soap/linalg/random.hpp"
#include "soap/statistics/boundary.hpp"
#include "soap/statistics/checks.hpp"
#include "soap/statistics/distributions.hpp"
#include "soap/statistics/moments.hpp"

namespace soap {

namespace {

void check(std::span<const std::vector<double>> figures) {
  if (figures.empty()) throw std::invalid_argument("ranks: found no problems");
  for (const std::vector<double>& problem : figures) {
    if (problem.size() != figures.front().size()) {
      throw std::invalid_argument("ranks: found " + std::to_string(problem.size()) +
                                  " methods on a problem, expected " +
                                  std::to_string(figures.front().size()));
    }
    detail::check_numbers("ranks", "a figure of", problem);
  }
}

// How many are larger, and half of the others that are equal, and 1.
std::vector<double> ranks_of(const std::vector<double>& problem) {
  std::vector<double> ranks;
  for (const double figure : problem) {
    const auto larger = std::count_if(problem.begin(), problem.end(), [&](double x) { return x > figure; });
    const auto equal = std::count(problem.begin(), problem.end(), figure);
    ranks.push_back(static_cast<double>(larger) + static_cast<double>(equal + 1) / 2);
  }
  return ranks;
}

}  // namespace

std::vector<double> mean_ranks(std::span<const std::vector<double>> figures) {
  check(figures);
  std::vector<double> means(figures.front().size(), 0.0);
  for (const std::vector<double>& problem : figures) {
    const std::vector<double> ranks = ranks_of(problem);
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += ranks[i] / static_cast<double>(figures.size());
  }
  return means;
}

FriedmanTest friedman_test(std::span<const std::vector<double>> figures) {
  check(figures);
  if (figures.front().size() < 2 || figures.size() < 2) {
    throw std::invalid_argument("Friedman's test: found " + std::to_string(figures.front().size()) +
                                " methods on " + std::to_string(figures.size()) +
                                " problems, expected at least 2 of both");
  }
  const auto k = static_cast<double>(figures.front().size());
  const auto n = static_cast<double>(figures.size());
  const double middle = (k + 1) / 2;
  double between = 0;
  for (const double rank : mean_ranks(figures)) between += (rank - middle) * (rank - middle);
  double within = 0;  // N(k³ - k)/12 but for ties, which make it smaller
  for (const std::vector<double>& problem : figures) {
    for (const double rank : ranks_of(problem)) within += (rank - middle) * (rank - middle);
  }
  if (within == 0) return {.chi_square = 0, .chi_square_p = 1, .f = 0, .f_p = 1};
  const double chi_square = n * n * (k - 1) * between / within;
  // All problems with the same ranks leave nothing over, but for rounding.
  const double rest = n * (k - 1) - chi_square;
  const double f = rest > 1e-9 ? (n - 1) * chi_square / rest : std::numeric_limits<double>::infinity();
  return {.chi_square = chi_square,
          .chi_square_p = chi_square_above(chi_square, static_cast<int>(k) - 1),
          .f = f,
          .f_p = f_above(f, k - 1, (k - 1) * (n - 1))};
}

double nemenyi_critical_difference(std::size_t methods, std::size_t problems, double level) {
  if (methods < 2 || problems < 1) {
    throw std::invalid_argument("critical difference: found " + std::to_string(methods) + " methods on " +
                                std::to_string(problems) +
                                " problems, expected at least 2 methods on 1 problem");
  }
  detail::check_share("critical difference", "level", level);
  const auto k = static_cast<double>(methods);
  const double q = boundary(
      0, 100, [&](double range) { return studentized_range_above(range, methods) > level; }, 1e-9);
  return q / std::sqrt(2.0) * std::sqrt(k * (k + 1) / (6 * static_cast<double>(problems)));
}

Interval stratified_interval(std::span<const std::vector<double>> values, const StratifiedOptions& options) {
  detail::check_share("stratified interval", "level", options.level);
  if (values.empty()) throw std::invalid_argument("stratified interval: found no problems");
  if (options.resamples < 100) {
    throw std::invalid_argument("stratified interval: found " + std::to_string(options.resamples) +
                                " resamples, expected at least 100");
  }
  Rng rng(options.seed, "stratified bootstrap");
  std::vector<double> means(static_cast<std::size_t>(options.resamples), 0.0);
  for (const std::vector<double>& problem : values) {
    if (problem.size() < 2) {
      throw std::invalid_argument("stratified interval: found " + std::to_string(problem.size()) +
                                  " values of a problem, expected at least 2");
    }
    detail::check_finite("stratified interval", "a value of", problem);
    const auto n = static_cast<double>(problem.size());
    const double middle = mean_and_deviation(problem).mean;
    const double wider = std::sqrt(n / (n - 1));
    for (double& mean : means) {
      double sum = 0;
      for (std::size_t i = 0; i < problem.size(); ++i) sum += problem[rng.below(problem.size())];
      mean += (middle + wider * (sum / n - middle)) / static_cast<double>(values.size());
    }
  }
  std::sort(means.begin(), means.end());
  const auto beyond = static_cast<std::size_t>((1 - options.level) / 2 * static_cast<double>(means.size()));
  return {.low = means[beyond], .high = means[means.size() - 1 - beyond]};
}

}  // namespace soap
