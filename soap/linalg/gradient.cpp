#include "soap/linalg/gradient.hpp"

#include "soap/linalg/gemm.hpp"

namespace soap {
inline namespace SOAP_ABI {

void Gradient::accumulate(Scalar alpha, Scalar beta, Ref target) const {
  if (!sums_) return gemm(alpha, delta_, x_.transposed(), beta, target);
  // Columns whose elements stand side by side, as the delta was given.
  using Columns = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
  add_row_sums(alpha, Columns(delta_.at(0, 0), delta_.rows(), delta_.cols(), {delta_.col_stride()}), beta,
               target);
}

}  // namespace SOAP_ABI
}  // namespace soap
