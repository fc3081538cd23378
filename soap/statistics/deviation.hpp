// How well a standard deviation is known.
#pragma once

#include "soap/statistics/interval.hpp"

namespace soap {

/// The interval that holds the true standard deviation in 95 of 100 cases, where `deviation` is that of
/// normal values with so many degrees of freedom: n - 1 for the deviation of n values from their mean, n
/// for that from a mean that is known. Of values with longer tails than normal ones it is too short. Throws
/// std::invalid_argument for less than 1 degree of freedom and for a deviation that is not finite or below 0.
Interval deviation_interval(double deviation, int degrees);

}  // namespace soap
