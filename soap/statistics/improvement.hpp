// How often one method does better than another.
#pragma once

#include <span>

namespace soap {

/// The chance that a run of A beats a run of B: the share of all pairs of a run of each in which it does,
/// ties counted half, which is Mann and Whitney's U over the number of pairs (1947; Agarwal et al., 2021).
/// Throws std::invalid_argument when either has no runs, and for runs that are NaN.
double probability_of_improvement(std::span<const double> a, std::span<const double> b);

/// The share of paired differences above 0, those of 0 counted half. Throws std::invalid_argument when there
/// are none, and for one that is NaN.
double share_improved(std::span<const double> differences);

}  // namespace soap
