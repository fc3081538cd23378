// Other libraries' matrix products, found while the program runs: what is not installed is left out.
#pragma once

#include <string>
#include <vector>

namespace bench {

// CBLAS's numbers.
inline constexpr int column_major = 102;
inline constexpr int as_it_is = 111;
inline constexpr int transposed = 112;

/// cblas_sgemm: c = alpha·a·b + beta·c.
using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                       const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

struct Blas {
  std::string name;
  std::string version;
  Sgemm sgemm = nullptr;               ///< null where the library is not installed
  void (*set_threads)(int) = nullptr;  ///< null where the library is not installed
};

/// Eigen, OpenBLAS and BLIS, in this order. Each is loaded with its names kept to itself, because all have a
/// cblas_sgemm, and Eigen's templates, compiled here for this very machine, exist in libsoap too.
const std::vector<Blas>& blas_libraries();

}  // namespace bench
