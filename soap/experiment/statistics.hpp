// Figures about several runs of one kind.
#pragma once

#include <cstdint>
#include <span>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

struct MeanAndDeviation {
  double mean;
  double deviation;  ///< standard deviation of the sample, with n - 1; 0 for one value
};

/// Throws std::invalid_argument when there are no values.
MeanAndDeviation mean_and_deviation(std::span<const double> values);

struct Interval {
  double low;
  double high;

  friend bool operator==(const Interval&, const Interval&) = default;
};

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

/// The share of Student's t distribution below `t`; degrees of freedom from 1.
double student_t_below(double t, int degrees);

}  // namespace soap::inline SOAP_ABI
