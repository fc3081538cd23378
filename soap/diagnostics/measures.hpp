// What the instruments compute: comparisons of two matrices, and figures about a batch's activity.
#pragma once

#include <optional>

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The angle between two matrices of one shape, seen as vectors, in degrees from 0 to 180. Computed as
/// 2·atan2(‖u - v‖, ‖u + v‖) with u = a/‖a‖ and v = b/‖b‖ (Kahan, 2006), which, unlike the arc cosine, is
/// exact near 0 and near 180. None when either matrix is zero or not finite. Throws std::invalid_argument, as
/// all comparisons here do, when the shapes differ.
std::optional<double> angle(ConstRef a, ConstRef b);

/// ‖a‖/‖b‖, Frobenius norms. None when b is zero or either is not finite.
std::optional<double> norm_ratio(ConstRef a, ConstRef b);

/// The Frobenius norm, summed in double precision.
double norm(ConstRef a);

/// How far the signs of one matrix are those of another.
struct SignConcordance {
  double share;     ///< of the nonzero entries of the reference, those of the same sign
  double weighted;  ///< the same with each entry weighted by its size in the reference
};

/// None when the reference has nothing but zeros.
std::optional<SignConcordance> sign_concordance(ConstRef a, ConstRef reference);

/// exp(-Σ p log p) where p are the singular values over their sum: 1 for a matrix of rank one, n for one with
/// n equal singular values (Roy and Vetterli, 2007, "The effective rank", eq. 3). Not centered. None for a
/// matrix that is zero or not finite. Costs the cube of the smaller dimension.
std::optional<double> effective_rank(ConstRef activity);

/// Units through which hardly any error passes.
struct UnitShares {
  double dead;       ///< share of units whose slope is 0 on every example
  double saturated;  ///< share of the others whose mean |slope| is below a tenth of `largest_slope`
};

/// slopes: units x batch, f'(z) of each unit and example.
UnitShares unit_shares(ConstRef slopes, double largest_slope);

}  // namespace SOAP_ABI
}  // namespace soap
