#include "soap/linalg/gradient.hpp"

#include "soap/linalg/gemm.hpp"

namespace soap::inline SOAP_ABI {

void Gradient::accumulate(Scalar alpha, Scalar beta, Ref target) const {
  if (sums_) {
    add_row_sums(alpha, delta_, beta, target);
  } else {
    gemm(alpha, delta_, x_.transpose(), beta, target);
  }
}

}  // namespace soap::inline SOAP_ABI
