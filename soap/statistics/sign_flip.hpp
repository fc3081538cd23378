// Whether differences between paired runs could be chance, how large they are, and how small.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "soap/statistics/interval.hpp"

namespace soap {

/// Which sums of differences speak against chance: those far from 0, far above it or far below it.
enum class Alternative { two_sided, greater, less };

/// Where they are out of range, every function throws std::invalid_argument.
struct SignFlipOptions {
  Alternative alternative = Alternative::two_sided;
  std::size_t most_enumerated = 20;  ///< pairs, up to which all signs are gone through; at most 30
  int samples = 100'000;             ///< of the signs of more pairs; at least 1
  std::uint64_t seed = 1;            ///< of the stream that draws those
};

/// The p of a paired permutation test (Fisher, 1935, "The design of experiments", section 21): if the two of
/// a pair differ by chance alone, each difference might as well have the other sign, and p is the share of
/// all choices of signs whose sum is at least as extreme as the one found. Exact up to 20 pairs; beyond, (1 +
/// hits)/(1 + samples) over signs drawn at random, which is never below what is exact on average. No shape of
/// the distribution is assumed, only its symmetry. 1 without pairs. Throws std::invalid_argument for
/// differences that are not finite.
double sign_flip_test(std::span<const double> differences, const SignFlipOptions& options = {});

/// The smallest p that so many pairs can give, none of which is 0: two-sided 2/2^pairs, one-sided 1/2^pairs,
/// as far as that is enumerated.
double smallest_sign_flip_p(std::size_t pairs, const SignFlipOptions& options = {});

/// The smallest p that differences of these sizes could have given with any signs. A pair without a
/// difference is as extreme either way, and counts for nothing.
double smallest_sign_flip_p(std::span<const double> differences, const SignFlipOptions& options = {});

/// An interval for the mean of what the values were drawn from, or the point that they are symmetric about:
/// all means that the two-sided test does not reject (Hartigan, 1969, "Using subsample values as typical
/// values"). It leaves out 0 exactly when sign_flip_test of the values is below 1 - level, whatever their
/// number. Its ends are means of subsets of the values where signs are enumerated, to within 1e-8 of the
/// values' range. Nothing where the test could reject no mean at all: with 5 values at 95 %. Throws
/// std::invalid_argument for a level outside of (0, 1), values that are not finite, and another alternative
/// than two_sided.
std::optional<Interval> sign_flip_interval(std::span<const double> values, double level = 0.95,
                                           const SignFlipOptions& options = {});

}  // namespace soap
