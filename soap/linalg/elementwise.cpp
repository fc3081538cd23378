#include "soap/linalg/elementwise.hpp"

#include "soap/linalg/kernels/kernels.hpp"

namespace soap {
inline namespace SOAP_ABI {

void exp(const Scalar* x, Scalar* y, Index count) { kernels().exp(x, y, count); }
void tanh(const Scalar* x, Scalar* y, Index count) { kernels().tanh(x, y, count); }
void sigmoid(const Scalar* x, Scalar* y, Index count) { kernels().sigmoid(x, y, count); }
void softplus(const Scalar* x, Scalar* y, Index count) { kernels().softplus(x, y, count); }
void gelu(const Scalar* x, Scalar* y, Index count) { kernels().gelu(x, y, count); }
void times_sigmoid(const Scalar* z, const Scalar* x, Scalar* result, Index count) {
  kernels().times_sigmoid(z, x, result, count);
}
void times_gelu_slope(const Scalar* z, const Scalar* x, Scalar* result, Index count) {
  kernels().times_gelu_slope(z, x, result, count);
}
void times_tanh_slope(const Scalar* y, const Scalar* x, Scalar* result, Index count) {
  kernels().times_tanh_slope(y, x, result, count);
}
void keep_where_positive(const Scalar* z, const Scalar* x, Scalar* y, Index count) {
  kernels().keep_where_positive(z, x, y, count);
}
void signed_size(const Scalar* x, Scalar size, Scalar* y, Index count) {
  kernels().signed_size(x, size, y, count);
}
void signed_sizes(const Scalar* x, const Scalar* sizes, Scalar* y, Index count) {
  kernels().signed_sizes(x, sizes, y, count);
}

}  // namespace SOAP_ABI
}  // namespace soap
