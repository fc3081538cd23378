// Matrices to test with, and how they are compared.
#pragma once

#include <cstring>
#include <numbers>
#include <omp.h>

#include "soap/linalg/matrix.hpp"
#include "soap/linalg/random.hpp"
#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Of an angle in radians.
inline constexpr double degree = std::numbers::pi / 180;

inline Matrix random_matrix(Index rows, Index cols, std::uint64_t seed, double deviation = 1) {
  Rng rng(seed, "test matrix");
  return Matrix::NullaryExpr(rows, cols, [&] { return static_cast<Scalar>(deviation * rng.normal()); });
}

inline bool same_bits(ConstRef a, ConstRef b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
  for (Index j = 0; j < a.cols(); ++j) {
    const auto bytes = static_cast<std::size_t>(a.rows()) * sizeof(Scalar);
    if (bytes != 0 && std::memcmp(a.col(j).data(), b.col(j).data(), bytes) != 0) return false;
  }
  return true;
}

/// Largest absolute difference relative to 1 or to the largest value, whichever is greater; infinite where
/// either is not a number.
inline double largest_difference(ConstRef a, ConstRef b) {
  double scale = 1;
  double worst = 0;
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index i = 0; i < a.rows(); ++i) {
      scale = std::max(scale, std::abs(static_cast<double>(b(i, j))));
      const double difference = std::abs(static_cast<double>(a(i, j)) - static_cast<double>(b(i, j)));
      worst = difference <= worst ? worst : (difference == difference ? difference : 1e300);
    }
  }
  return worst / scale;
}

/// Sets the number of threads for one scope.
class ThreadCount {
 public:
  explicit ThreadCount(int count) : before_(omp_get_max_threads()) { set_threads(count); }
  ~ThreadCount() { set_threads(before_); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_;
};

}  // namespace SOAP_ABI
}  // namespace soap
