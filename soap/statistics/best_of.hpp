// What tuning gives for its trials.
#pragma once

#include <cstddef>
#include <span>

namespace soap {

/// The expected largest of `trials` values drawn from those tried, without replacement: the best validation
/// accuracy that a search with a smaller budget would have found on average. Throws std::invalid_argument for
/// fewer than 1 and more trials than values, and for values that are not finite.
double expected_best(std::span<const double> values, std::size_t trials);

/// The same with replacement (Dodge et al., 2019, "Show your work: improved reporting of experimental
/// results", equation 2), where any number of trials may be drawn; it never quite reaches the best value.
/// Throws std::invalid_argument for no trials, no values and values that are not finite.
double expected_best_with_replacement(std::span<const double> values, std::size_t trials);

/// The mean accuracy over the logarithm of the learning rate, by the trapezoidal rule: the area under the
/// curve over its width, which is the smaller the more a method depends on its rate. The rates ascend from
/// above 0. Throws std::invalid_argument where they do not, for fewer than 2, for another number of
/// accuracies, and where one of either is not finite.
double mean_over_log_rate(std::span<const double> rates, std::span<const double> accuracies);

}  // namespace soap
