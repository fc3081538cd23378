#include "soap/statistics/sign_flip.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/check.hpp"
#include "soap/linalg/random.hpp"
#include "soap/statistics/boundary.hpp"
#include "soap/statistics/checks.hpp"

namespace soap {

namespace {

// Shares of correct answers have many equal sums, which rounding must not tell apart: those whose distance is
// this share of all differences' sizes count as equal.
constexpr double rounding = 1e-9;

struct Total {
  double sum = 0;
  double size = 0;  // of the differences, whatever their signs
};

Total total_of(std::span<const double> differences) {
  Total total;
  detail::check_finite("sign-flip test", "a difference of", differences);
  for (const double difference : differences) {
    total.sum += difference;
    total.size += std::abs(difference);
  }
  return total;
}

// The sums of all choices of signs, 2^n of them, ascending.
std::vector<double> signed_sums(std::span<const double> values) {
  std::vector<double> sums{0};
  std::vector<double> lower;
  std::vector<double> upper;
  for (const double value : values) {
    const double size = std::abs(value);
    lower = upper = sums;
    for (double& sum : lower) sum -= size;
    for (double& sum : upper) sum += size;
    sums.resize(2 * sums.size());
    std::merge(lower.begin(), lower.end(), upper.begin(), upper.end(), sums.begin());
  }
  return sums;
}

// The share of all choices of signs that sum to at least `least`: the larger the sum of the first half of the
// values, the more sums of the second half will do.
double share_from(std::span<const double> values, double least) {
  const std::vector<double> first = signed_sums(values.first(values.size() / 2));
  const std::vector<double> second = signed_sums(values.subspan(values.size() / 2));
  std::size_t count = 0;
  std::size_t too_small = second.size();
  for (const double sum : first) {
    while (too_small > 0 && second[too_small - 1] >= least - sum) --too_small;
    count += second.size() - too_small;
  }
  return std::ldexp(static_cast<double>(count), -static_cast<int>(values.size()));
}

// The sums of all choices of signs of 8 values at a time: one look-up in place of 8 additions.
class DrawnSums {
 public:
  static constexpr std::size_t width = 8;

  DrawnSums(std::span<const double> values, std::uint64_t seed) : rng_(seed, "sign flips") {
    for (std::size_t i = 0; i < values.size(); i += width) {
      const auto eight = values.subspan(i, std::min(width, values.size() - i));
      std::array<double, choices>& sums = tables_.emplace_back();
      for (std::size_t signs = 0; signs < choices; ++signs) {
        for (std::size_t j = 0; j < eight.size(); ++j)
          sums[signs] += ((signs >> j) & 1U) != 0 ? eight[j] : -eight[j];
      }
    }
  }
  double next() {
    double sum = 0;
    for (std::size_t i = 0; i < tables_.size();) {
      std::uint64_t signs = rng_.bits();
      // Sums of their own, which the processor can form side by side.
      double part = 0;
      for (const std::size_t end = std::min(i + sizeof(signs), tables_.size()); i < end; ++i) {
        part += tables_[i][signs % choices];
        signs /= choices;
      }
      sum += part;
    }
    return sum;
  }

 private:
  static constexpr std::size_t choices = 256;
  std::vector<std::array<double, choices>> tables_;
  Rng rng_;
};

double drawn_p(std::int64_t hits, const SignFlipOptions& options) {
  return static_cast<double>(1 + hits) / static_cast<double>(1 + options.samples);
}

double two_sided_p(std::span<const double> differences, const SignFlipOptions& options) {
  const Total total = total_of(differences);
  const double least = std::abs(total.sum) - rounding * total.size;
  if (least <= 0) return 1;
  // As many sums lie at or below -least.
  if (differences.size() <= options.most_enumerated) return 2 * share_from(differences, least);
  DrawnSums sums(differences, options.seed);
  std::int64_t hits = 0;
  for (int sample = 0; sample < options.samples; ++sample) hits += std::abs(sums.next()) >= least ? 1 : 0;
  return drawn_p(hits, options);
}

double one_sided_p(std::span<const double> differences, const SignFlipOptions& options) {
  const Total total = total_of(differences);
  const double least = total.sum - rounding * total.size;
  if (differences.size() <= options.most_enumerated) return share_from(differences, least);
  DrawnSums sums(differences, options.seed);
  std::int64_t hits = 0;
  for (int sample = 0; sample < options.samples; ++sample) hits += sums.next() >= least ? 1 : 0;
  return drawn_p(hits, options);
}

// The two-sided p of any mean of the same values, by the same signs.
class PByMean {
 public:
  PByMean(std::span<const double> values, const SignFlipOptions& options)
      : values_(values), shifted_(values.size()), options_(options) {
    if (values.size() <= options.most_enumerated) return;
    DrawnSums sums(values, options.seed);
    const std::vector<double> ones(values.size(), 1.0);
    DrawnSums signs(ones, options.seed);
    for (int sample = 0; sample < options.samples; ++sample) {
      sums_.push_back(sums.next());
      signs_.push_back(signs.next());
    }
  }
  double operator()(double mean) {
    std::transform(values_.begin(), values_.end(), shifted_.begin(), [&](double x) { return x - mean; });
    if (sums_.empty()) return two_sided_p(shifted_, options_);
    const Total total = total_of(shifted_);
    const double least = std::abs(total.sum) - rounding * total.size;
    if (least <= 0) return 1;
    std::int64_t hits = 0;
    for (std::size_t i = 0; i < sums_.size(); ++i)
      hits += std::abs(sums_[i] - mean * signs_[i]) >= least ? 1 : 0;
    return drawn_p(hits, options_);
  }

 private:
  std::span<const double> values_;
  std::vector<double> shifted_;
  std::vector<double> sums_;   // of the values with drawn signs
  std::vector<double> signs_;  // sums of the signs themselves
  SignFlipOptions options_;
};

void check(const SignFlipOptions& options) {
  constexpr std::size_t most = 30;  // of which the sums of either half fit into memory
  if (options.most_enumerated > most) {
    throw std::invalid_argument("sign-flip test: found " + std::to_string(options.most_enumerated) +
                                " pairs to enumerate, expected at most " + std::to_string(most));
  }
  check_integer("sign-flip test", "samples", options.samples, 1);
}

void check(double level, const SignFlipOptions& options) {
  detail::check_share("sign-flip interval", "level", level);
  check(options);
  if (options.alternative != Alternative::two_sided) {
    throw std::invalid_argument(
        "sign-flip interval: found a one-sided alternative, expected a two-sided one");
  }
}

}  // namespace

double sign_flip_test(std::span<const double> differences, const SignFlipOptions& options) {
  check(options);
  if (options.alternative == Alternative::two_sided) return two_sided_p(differences, options);
  if (options.alternative == Alternative::greater) return one_sided_p(differences, options);
  std::vector<double> turned(differences.begin(), differences.end());
  for (double& difference : turned) difference = -difference;
  return one_sided_p(turned, options);
}

double smallest_sign_flip_p(std::size_t pairs, const SignFlipOptions& options) {
  check(options);
  const double extremes = options.alternative == Alternative::two_sided ? 2 : 1;
  const double exact =
      std::min(1.0, std::ldexp(extremes, -static_cast<int>(std::min<std::size_t>(pairs, 1000))));
  return pairs <= options.most_enumerated ? exact : std::max(exact, drawn_p(0, options));
}

double smallest_sign_flip_p(std::span<const double> differences, const SignFlipOptions& options) {
  check(options);
  const double size = total_of(differences).size;
  if (differences.size() > options.most_enumerated) {
    const auto counting = std::count_if(differences.begin(), differences.end(), [&](double difference) {
      return 2 * std::abs(difference) > rounding * size;
    });
    return std::max(smallest_sign_flip_p(static_cast<std::size_t>(counting), options), drawn_p(0, options));
  }
  const double share = share_from(differences, size - rounding * size);
  return options.alternative == Alternative::two_sided ? std::min(1.0, 2 * share) : share;
}

std::optional<Interval> sign_flip_interval(std::span<const double> values, double level,
                                           const SignFlipOptions& options) {
  check(level, options);
  const Total total = total_of(values);
  if (values.empty()) return std::nullopt;
  const double smallest = *std::min_element(values.begin(), values.end());
  const double largest = *std::max_element(values.begin(), values.end());
  PByMean p(values, options);
  const auto kept = [&](double mean) { return p(mean) >= 1 - level; };
  // All differences of one sign: no mean is less likely.
  if (kept(largest + 1 + (largest - smallest))) return std::nullopt;
  const double middle = std::clamp(total.sum / static_cast<double>(values.size()), smallest, largest);
  const bool zero_kept = kept(0);
  // 0 is asked for first, so that the interval and the test of the values agree about it.
  const auto end = [&](double outermost) {
    if (kept(outermost)) return outermost;
    double in = middle;
    double out = outermost;
    if (0 > std::min(in, out) && 0 < std::max(in, out)) (zero_kept ? in : out) = 0;
    return boundary(in, out, kept, 1e-12 * (largest - smallest));
  };
  Interval interval{.low = end(smallest), .high = end(largest)};
  if (zero_kept) interval = {.low = std::min(interval.low, 0.0), .high = std::max(interval.high, 0.0)};
  return interval;
}

}  // namespace soap
