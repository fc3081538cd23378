// Probabilities that tests and intervals ask for. All are accurate to 1e-10 or better unless said otherwise,
// and throw std::invalid_argument for what is not in the range that they name.
#pragma once

#include <cstddef>

namespace soap {

double normal_density(double z);
/// The share of the standard normal distribution below `z`.
double normal_below(double z);

/// I_x(a, b), the regularized incomplete beta function; a, b > 0 and x from 0 to 1. By the continued fraction
/// of Abramowitz and Stegun (1964), 26.5.8, as Lentz evaluates it (Press et al., 2007, "Numerical
/// recipes", 6.4).
double regularized_beta(double x, double a, double b);

/// The share of Student's t distribution below `t`; degrees of freedom from 1.
double student_t_below(double t, int degrees);
/// The point above which `share` of Student's t lies; share above 0 and below 1/2.
double student_t_above(double share, int degrees);

/// The share of the F distribution above `f`; degrees of freedom above 0.
double f_above(double f, double numerator, double denominator);
/// The share of the chi-square distribution above `x`; degrees of freedom from 1.
double chi_square_above(double x, int degrees);

/// The share above `q` of the studentized range of k normal values with a known standard deviation, which is
/// that with infinitely many degrees of freedom (Tukey); k >= 2.
double studentized_range_above(double q, std::size_t k);

/// The chance that |t| comes out above `critical` where t has a noncentral Student distribution.
double noncentral_t_beyond(double critical, int degrees, double noncentrality);

}  // namespace soap
