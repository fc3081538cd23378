#include "soap/experiment/paired_test.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/linalg/random.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// The sums of all choices of signs, 2^n of them.
std::vector<double> signed_sums(std::span<const double> values) {
  std::vector<double> sums{0};
  for (const double value : values) {
    const std::size_t count = sums.size();
    for (std::size_t i = 0; i < count; ++i) {
      sums.push_back(sums[i] - value);
      sums[i] += value;
    }
  }
  return sums;
}

// How many choices of signs sum to at least `least`: each sum of the first half of the values asks the sorted
// sums of the second half.
double count_from(std::span<const double> values, double least) {
  const std::vector<double> first = signed_sums(values.first(values.size() / 2));
  std::vector<double> second = signed_sums(values.subspan(values.size() / 2));
  std::sort(second.begin(), second.end());
  std::ptrdiff_t count = 0;
  for (const double sum : first)
    count += second.end() - std::lower_bound(second.begin(), second.end(), least - sum);
  return static_cast<double>(count);
}

// The sums of all choices of signs of 8 values at a time: one look-up in place of 8 additions.
class SumsOfEight {
 public:
  static constexpr std::size_t width = 8;

  explicit SumsOfEight(std::span<const double> values) {
    for (std::size_t i = 0; i < values.size(); i += width) {
      const auto eight = values.subspan(i, std::min(width, values.size() - i));
      std::array<double, choices>& sums = tables_.emplace_back();
      for (std::size_t signs = 0; signs < choices; ++signs) {
        for (std::size_t j = 0; j < eight.size(); ++j)
          sums[signs] += ((signs >> j) & 1U) != 0 ? eight[j] : -eight[j];
      }
    }
  }
  [[nodiscard]] double drawn(Rng& rng) const {
    double sum = 0;
    for (std::size_t i = 0; i < tables_.size();) {
      std::uint64_t signs = rng.bits();
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
};

double sampled_p(std::span<const double> values, double least, const SignFlipOptions& options) {
  Rng rng(options.seed, "sign flips");
  const SumsOfEight sums(values);
  std::int64_t hits = 0;
  for (int sample = 0; sample < options.samples; ++sample) hits += std::abs(sums.drawn(rng)) >= least ? 1 : 0;
  return static_cast<double>(1 + hits) / static_cast<double>(1 + options.samples);
}

}  // namespace

double sign_flip_test(std::span<const double> differences, const SignFlipOptions& options) {
  double sum = 0;
  double size = 0;
  for (const double difference : differences) {
    if (!std::isfinite(difference)) {
      throw std::invalid_argument("sign-flip test: found a difference of " + to_text(difference) +
                                  ", expected finite ones");
    }
    sum += difference;
    size += std::abs(difference);
  }
  // Shares of correct answers have many equal sums, which rounding must not tell apart.
  const double least = std::abs(sum) - 1e-9 * size;
  if (least <= 0) return 1;
  if (differences.size() > options.most_enumerated) return sampled_p(differences, least, options);
  // As many sums lie at or below -least.
  return std::ldexp(2 * count_from(differences, least), -static_cast<int>(differences.size()));
}

double smallest_sign_flip_p(std::size_t pairs, const SignFlipOptions& options) {
  if (pairs <= 1) return 1;
  const double exact = std::ldexp(2.0, -static_cast<int>(std::min<std::size_t>(pairs, 1000)));
  return pairs <= options.most_enumerated ? exact
                                          : std::max(exact, 1 / static_cast<double>(1 + options.samples));
}

std::vector<double> holm(std::span<const double> p_values) {
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

}  // namespace soap::inline SOAP_ABI
