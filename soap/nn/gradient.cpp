#include "soap/nn/gradient.hpp"

#include "soap/linalg/gemm.hpp"

namespace soap::inline SOAP_ABI {

void Gradient::accumulate(Scalar alpha, Scalar beta, Ref target) const {
  if (!sums_) return gemm(alpha, delta_, x_.transpose(), beta, target);
  if (beta == 0) {
    target.setZero();
  } else {
    target *= beta;
  }
  for (Index j = 0; j < delta_.cols(); ++j) target.noalias() += alpha * delta_.col(j);
}

}  // namespace soap::inline SOAP_ABI
