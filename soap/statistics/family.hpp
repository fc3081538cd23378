// Several tests made at once, of which not one should give a false alarm.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace soap {

/// p-values of several tests made at once, corrected so that the chance of even one false alarm among those
/// below a level is at most that level (Holm, 1979, "A simple sequentially rejective multiple test
/// procedure"): the ith smallest of m is multiplied by m - i + 1, made at least as large as those before it,
/// and cut at 1. In the order given. Throws std::invalid_argument for a p outside of 0 to 1.
std::vector<double> holm(std::span<const double> p_values);

/// The same without the tests that could not have come below `level` whatever the signs of their differences,
/// which else make all others pay for them (Tarone, 1990, "A modified Bonferroni method for discrete data"):
/// K is the smallest k for which at most k of the `smallest` p-values lie below level/k, the family is those
/// below level/K, and Holm's correction is made within it. Nothing for a test outside of it: it could not
/// have been decided. Of sign-flip tests the smallest p depends on the sizes of the differences alone, not on
/// their signs, so that what belongs to the family says nothing of what the tests find. In the order given.
/// Throws std::invalid_argument for lists of different length, for a p outside of 0 to 1 and for a level
/// outside of (0, 1).
std::vector<std::optional<double>> tarone_holm(std::span<const double> p_values,
                                               std::span<const double> smallest, double level);

}  // namespace soap
