// Means of several runs of one kind.
#pragma once

#include <span>

namespace soap {

struct MeanAndDeviation {
  double mean;
  double deviation;  ///< standard deviation of the sample, with n - 1; 0 for one value
};

/// Throws std::invalid_argument when there are no values; of a value that is NaN both become that.
MeanAndDeviation mean_and_deviation(std::span<const double> values);

/// The mean of the middle half: of the sorted values a quarter is left out at each end, rounded down to whole
/// values as scipy.stats.trim_mean does (Agarwal et al., 2021, "Deep reinforcement learning at the edge of
/// the statistical precipice"). Of 10 values these are the middle 6, and of fewer than 4 all. One run that
/// diverged hardly moves it. Throws std::invalid_argument when there are no values, and for
/// one that is NaN.
double interquartile_mean(std::span<const double> values);

}  // namespace soap
