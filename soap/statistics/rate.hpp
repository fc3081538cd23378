// How often something happens, from how often it did.
#pragma once

#include <cstddef>

#include "soap/statistics/interval.hpp"

namespace soap {

/// The largest rate for which as few as `hits` of `runs` are not rarer than 1 - level (Clopper and Pearson,
/// 1934, "The use of confidence or fiducial limits illustrated in the case of the binomial"): that 0 of 10
/// runs diverged still allows for 26 %. Throws std::invalid_argument for more hits than runs, for no runs,
/// and for a level outside of (0, 1).
double rate_upper_bound(std::size_t hits, std::size_t runs, double level = 0.95);

/// The same at both ends, (1 - level)/2 each.
Interval rate_interval(std::size_t hits, std::size_t runs, double level = 0.95);

}  // namespace soap
