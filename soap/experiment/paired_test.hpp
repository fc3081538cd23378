// Whether differences between paired runs could be chance.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

struct SignFlipOptions {
  std::size_t most_enumerated = 20;  ///< pairs, up to which all signs are gone through; at most 30
  int samples = 100'000;             ///< of the signs of more pairs
  std::uint64_t seed = 1;            ///< of the stream that draws those
};

/// The two-sided p of a paired permutation test (Fisher, 1935, "The design of experiments", section 21): if
/// the two of a pair differ by chance alone, each difference might as well have the other sign, and p is the
/// share of all choices of signs whose sum is at least as far from 0 as the one found. Exact up to 20 pairs;
/// beyond, (1 + hits)/(1 + samples) over signs drawn at random, which is never below what is exact on
/// average. No shape of the distribution is assumed, only its symmetry. 1 without pairs. Throws
/// std::invalid_argument for differences that are not finite.
double sign_flip_test(std::span<const double> differences, const SignFlipOptions& options = {});

/// The smallest p that so many pairs can give: 2/2^pairs, as far as that is enumerated.
double smallest_sign_flip_p(std::size_t pairs, const SignFlipOptions& options = {});

/// p-values of several tests made at once, corrected so that the chance of even one false alarm among those
/// below 0.05 is at most 0.05 (Holm, 1979, "A simple sequentially rejective multiple test procedure"): the
/// ith smallest of m is multiplied by m - i + 1, made at least as large as those before it, and cut at 1.
/// In the order given.
std::vector<double> holm(std::span<const double> p_values);

}  // namespace soap::inline SOAP_ABI
