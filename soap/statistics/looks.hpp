// Reports that are made again with more seeds.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace soap {

/// The level that the p of a two-sided test must come below at each of several looks at growing data, so that
/// the chance of a false alarm at any of them stays below `alpha`, although nobody planned how many looks
/// there would be. `looks`: seeds at each report so far, ascending. The first look spends 0.7 of alpha and
/// each later one half of what is left (Lan and DeMets, 1983, "Discrete sequential boundaries for clinical
/// trials"): their sum stays below alpha however many follow. What a look spends is the chance that a walk of
/// normal steps, whose variance grows as the seeds do, first leaves its bounds there, which the recursion of
/// Armitage, McPherson and Rowe (1969), "Repeated significance tests on accumulating data", integrates;
/// accurate to 1e-5. The level of a single look is 0.7 of alpha. Throws std::invalid_argument when there are
/// no looks, when they do not ascend from 1, and for an alpha outside of (0, 1).
std::vector<double> look_levels(std::span<const std::size_t> looks, double alpha = 0.05);

/// That of the last look.
double look_level(std::span<const std::size_t> looks, double alpha = 0.05);

}  // namespace soap
