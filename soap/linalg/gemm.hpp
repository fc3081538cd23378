// Matrix products: nearly all of the library's arithmetic goes through here.
#pragma once

#include "soap/linalg/factor.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// c = alpha·a·b + beta·c, with a: m x k, b: k x n, c: m x n. c must not overlap a or b; with beta = 0 what c
/// held does not matter. Throws std::invalid_argument when the shapes do not fit.
///
/// The order of the operations that make one element of c depends on k alone: neither the number of threads,
/// nor transposition, nor strides, nor the element's place change a bit of the result. The instruction set
/// may, see instruction_set.hpp. Runs on the threads of `set_threads`, or serially when the product is small
/// or the caller is inside a parallel region.
void gemm(Scalar alpha, const Factor& a, const Factor& b, Scalar beta, Ref c);

/// z = W·x + b·1ᵀ, with W: m x k, x: k x n, b: m x 1, z: m x n: the bias is added where a sum is still in a
/// register. z must not overlap the others. Otherwise as gemm.
void affine(const Factor& W, const Factor& x, ConstRef b, Ref z);

/// target = alpha·a·1 + beta·target, with a: m x n, target: m x 1: the sums of the rows. target must not
/// overlap a; with beta = 0 what it held does not matter. Throws std::invalid_argument when the shapes do not
/// fit.
void add_row_sums(Scalar alpha, ConstRef a, Scalar beta, Ref target);

}  // namespace SOAP_ABI
}  // namespace soap
