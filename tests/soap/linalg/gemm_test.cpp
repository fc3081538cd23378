#include "soap/linalg/gemm.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "soap/linalg/random.hpp"
#include "soap/linalg/threads.hpp"

#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

// The oracle: sums in double, whatever the build.
Matrix naive(Scalar alpha, const Matrix& a, const Matrix& b, Scalar beta, const Matrix& c) {
  Matrix result(c.rows(), c.cols());
  for (Index j = 0; j < c.cols(); ++j) {
    for (Index i = 0; i < c.rows(); ++i) {
      double sum = 0;
      for (Index k = 0; k < a.cols(); ++k) sum += double(a(i, k)) * double(b(k, j));
      result(i, j) = static_cast<Scalar>(alpha * sum + (beta == 0 ? 0 : double(beta) * double(c(i, j))));
    }
  }
  return result;
}

}  // namespace

TEST_CASE("gemm equals the naive triple loop on odd, empty and one-wide shapes, with every transpose") {
  const Index sizes[][3] = {{1, 1, 1},    {3, 5, 7},      {12, 4, 16}, {13, 5, 257}, {1, 9, 300},
                            {100, 1, 33}, {0, 3, 2},      {3, 0, 2},   {4, 4, 0},    {31, 2, 1},
                            {70, 66, 65}, {800, 37, 259}, {5, 1030, 3}};
  for (const auto& size : sizes) {
    const Index m = size[0];
    const Index n = size[1];
    const Index k = size[2];
    CAPTURE(m);
    CAPTURE(n);
    CAPTURE(k);
    const Matrix a = random_matrix(m, k, 1);
    const Matrix b = random_matrix(k, n, 2);
    const Matrix at = a.transpose();
    const Matrix bt = b.transpose();
    const Matrix c0 = random_matrix(m, n, 3);
    const auto tolerance =
        16 * std::numeric_limits<Scalar>::epsilon() * std::sqrt(static_cast<Scalar>(k + 1));
    for (const Scalar beta : {Scalar{0}, Scalar{1}, Scalar{-0.5}}) {
      const Matrix expected = naive(Scalar{1.5}, a, b, beta, c0);
      Matrix c = c0;
      gemm(Scalar{1.5}, a, b, beta, c);
      CHECK(largest_difference(c, expected) <= tolerance);
      Matrix other = c0;
      gemm(Scalar{1.5}, at.transpose(), b, beta, other);
      CHECK(same_bits(other, c));
      other = c0;
      gemm(Scalar{1.5}, a, bt.transpose(), beta, other);
      CHECK(same_bits(other, c));
      other = c0;
      gemm(Scalar{1.5}, at.transpose(), bt.transpose(), beta, other);
      CHECK(same_bits(other, c));
    }
  }
}

TEST_CASE("gemm works on blocks of larger matrices and leaves their surroundings alone") {
  const Matrix a = random_matrix(20, 30, 1);
  const Matrix b = random_matrix(30, 20, 2);
  Matrix c = random_matrix(25, 25, 3);
  const Matrix before = c;
  gemm(1, a.block(2, 3, 9, 11), b.block(1, 5, 11, 7), 0, c.block(4, 6, 9, 7));
  const Matrix inner = naive(1, a.block(2, 3, 9, 11), b.block(1, 5, 11, 7), 0, Matrix::Zero(9, 7));
  CHECK(largest_difference(c.block(4, 6, 9, 7), inner) < 1e-5);
  Matrix outside = c;
  outside.block(4, 6, 9, 7) = before.block(4, 6, 9, 7);
  CHECK(same_bits(outside, before));
}

TEST_CASE("gemm gives the same bits on any number of threads") {
  const Matrix a = random_matrix(301, 530, 1);
  const Matrix b = random_matrix(530, 97, 2);
  Matrix one(301, 97);
  {
    const ThreadCount threads(1);
    gemm(1, a, b, 0, one);
  }
  for (const int count : {2, 3, 8}) {
    const ThreadCount threads(count);
    Matrix many(301, 97);
    gemm(1, a, b, 0, many);
    CHECK(same_bits(many, one));
  }
}

TEST_CASE("gemm with beta 0 ignores what the result held, and carries NaN and infinity from the factors") {
  const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
  Matrix a = Matrix::Ones(5, 6);
  const Matrix b = Matrix::Ones(6, 5);
  Matrix c = Matrix::Constant(5, 5, nan);
  gemm(1, a, b, 0, c);
  CHECK(same_bits(c, Matrix::Constant(5, 5, 6)));
  a(2, 3) = nan;
  a(4, 0) = std::numeric_limits<Scalar>::infinity();
  gemm(1, a, b, 0, c);
  CHECK(c.row(2).array().isNaN().all());
  CHECK(c.row(4).array().isInf().all());
  CHECK(c(0, 0) == 6);
}

TEST_CASE("gemm refuses shapes that do not fit, naming them") {
  Matrix c(2, 2);
  CHECK_THROWS_WITH_AS(gemm(1, Matrix(2, 3), Matrix(4, 2), 0, c), "gemm: 2x3 times 4x2 does not give 2x2",
                       std::invalid_argument);
  CHECK_THROWS_AS(gemm(1, Matrix(2, 3), Matrix(3, 4), 0, c), std::invalid_argument);
}
