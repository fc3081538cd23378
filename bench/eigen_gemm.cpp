// Eigen's matrix product as Eigen does it best: compiled for the machine at hand, on Eigen's own threads. A
// library by itself, loaded by blas.cpp.
#include <string>

#include <Eigen/Core>

namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>;
using Input = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;
using Output = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;

// Beta is 0 or 1.
template <class A, class B>
void multiply(float alpha, const A& a, const B& b, float beta, Output c) {
  if (beta == 0) {
    c.noalias() = alpha * a * b;
  } else {
    c.noalias() += alpha * a * b;
  }
}

}  // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED void eigen_gemm_set_threads(int threads) { Eigen::setNbThreads(threads); }

EXPORTED const char* eigen_gemm_version() {
  static const std::string version = std::to_string(EIGEN_WORLD_VERSION) + "." +
                                     std::to_string(EIGEN_MAJOR_VERSION) + "." +
                                     std::to_string(EIGEN_MINOR_VERSION);
  return version.c_str();
}

// Called as cblas_sgemm is, always column by column; not both factors are transposed.
EXPORTED void eigen_gemm(int, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                         const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc) {
  constexpr int transposed = 112;
  const Output result(c, m, n, Eigen::OuterStride<>(ldc));
  const auto stride = [](int value) { return Eigen::OuterStride<>(value); };
  if (transpose_a == transposed) {
    multiply(alpha, Input(a, k, m, stride(lda)).transpose(), Input(b, k, n, stride(ldb)), beta, result);
  } else if (transpose_b == transposed) {
    multiply(alpha, Input(a, m, k, stride(lda)), Input(b, n, k, stride(ldb)).transpose(), beta, result);
  } else {
    multiply(alpha, Input(a, m, k, stride(lda)), Input(b, k, n, stride(ldb)), beta, result);
  }
}
