// How many seeds a comparison needs, or what it can find with those it has.
#pragma once

#include <cstddef>
#include <optional>

namespace soap {

/// The chance that the two-sided sign-flip test of `pairs` paired differences comes below `level`, where they
/// have the mean `difference` and the standard deviation `deviation`. It is taken to be that of the paired t
/// test (by the noncentral t distribution) at the largest level below `level` that a share of 2^pairs signs
/// can have; 0 where no share can, which is 5 pairs at 0.05. Of normal differences simulated ones are within
/// 0.03 of it. Throws std::invalid_argument for a level outside of (0, 1), for a deviation that is not
/// finite and above 0, and for a difference that is not finite.
double sign_flip_power(std::size_t pairs, double difference, double deviation, double level = 0.05);

/// The fewest pairs that have at least that power. Nothing where a million would not do. Throws also for a
/// power outside of (0, 1).
std::optional<std::size_t> seeds_for(double difference, double deviation, double level = 0.05,
                                     double power = 0.8);

/// The smallest difference that so many pairs find with that power. Nothing where they can find none.
std::optional<double> detectable_difference(std::size_t pairs, double deviation, double level = 0.05,
                                            double power = 0.8);

}  // namespace soap
