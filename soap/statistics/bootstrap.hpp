// An interval for a mean, from the values themselves.
#pragma once

#include <cstdint>
#include <span>

#include "soap/base/scalar.hpp"
#include "soap/statistics/interval.hpp"

namespace soap::inline SOAP_ABI {

struct BootstrapOptions {
  double level = 0.95;  ///< the share of such intervals that should hold the true mean
  int resamples = 10'000;
  std::uint64_t seed = 1;  ///< of the stream that resamples; the same interval for the same values and seed
};

/// An interval for the mean of what the values were drawn from: Efron's percentile bootstrap (Efron, 1979,
/// "Bootstrap methods: another look at the jackknife"), expanded as in Hesterberg (2015), "What teachers
/// should know about the bootstrap". The plain one is too short for few values, by the factor sqrt((n-1)/n)
/// and for want of Student's longer tails; the expanded one takes percentiles further out to make up for
/// both. Of normal values the plain 95 % interval holds the mean 81 to 83 times in 100 for n = 5, the
/// expanded one about 91 times. It never leaves the range of the values, so that it stays too short for n
/// below 5: with n = 3, about 75 times. Throws std::invalid_argument for fewer than 2 values, for a level
/// outside of (0, 1) and for fewer than 100 resamples.
Interval bootstrap_interval(std::span<const double> values, const BootstrapOptions& options = {});

}  // namespace soap::inline SOAP_ABI
