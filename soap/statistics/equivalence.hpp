// Whether differences between paired runs are small enough not to matter.
#pragma once

#include <span>

#include "soap/statistics/sign_flip.hpp"

namespace soap {

/// The p of "the mean difference is above -margin", by the one-sided sign-flip test of difference + margin.
/// The options' alternative counts for nothing. Throws std::invalid_argument for a margin that is not finite
/// and above 0, and for differences that are not finite.
double noninferiority_p(std::span<const double> differences, double margin,
                        const SignFlipOptions& options = {});

/// The p of "the mean difference lies between -margin and margin": the larger of those of two one-sided tests
/// (Schuirmann, 1987, "A comparison of the two one-sided tests procedure and the power approach for assessing
/// the equivalence of average bioavailability"). Both must be below the level, so that nothing is corrected
/// for there being two. Throws as noninferiority_p does.
double equivalence_p(std::span<const double> differences, double margin, const SignFlipOptions& options = {});

}  // namespace soap
