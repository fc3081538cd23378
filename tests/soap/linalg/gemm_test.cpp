#include "soap/linalg/gemm.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>
#include <sys/mman.h>

#include "soap/linalg/random.hpp"
#include "soap/linalg/threads.hpp"

#include "tests/support/instruction_sets.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

struct Shape {
  Index m;
  Index n;
  Index k;
};

// Around the sizes of vectors, tiles and blocks of every instruction set, and the shapes of layers: one
// example, ten outputs, updates of low rank.
const std::vector<Shape> shapes = {
    {1, 1, 1},    {3, 5, 7},      {12, 4, 16},    {13, 5, 257},  {1, 9, 300},    {100, 1, 33}, {0, 3, 2},
    {3, 0, 2},    {4, 4, 0},      {31, 2, 1},     {70, 66, 65},  {800, 37, 259}, {5, 1030, 3}, {48, 8, 385},
    {49, 9, 769}, {257, 1, 1025}, {300, 7, 400},  {10, 64, 30},  {600, 13, 70},  {16, 6, 2},   {17, 12, 4},
    {64, 100, 5}, {7, 2100, 9},   {600, 2100, 5}, {130, 98, 18}, {1, 1, 2000},
};

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

double tolerance(Index k) {
  return 16 * double(std::numeric_limits<Scalar>::epsilon()) * std::sqrt(static_cast<double>(k + 1));
}

using AnyStrides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
using StridedView = Eigen::Map<const Matrix, 0, AnyStrides>;

// A copy of a matrix whose elements lie neither side by side in a column nor in a row.
class Scattered {
 public:
  explicit Scattered(const Matrix& matrix) : rows_(matrix.rows()), cols_(matrix.cols()) {
    elements_.setConstant(3 * rows_ + 1, 2 * cols_ + 1, std::numeric_limits<Scalar>::quiet_NaN());
    for (Index j = 0; j < cols_; ++j) {
      for (Index i = 0; i < rows_; ++i) elements_(3 * i, 2 * j) = matrix(i, j);
    }
  }
  [[nodiscard]] StridedView view() const {
    return {elements_.data(), rows_, cols_, AnyStrides(2 * elements_.rows(), 3)};
  }

 private:
  Index rows_;
  Index cols_;
  Matrix elements_;
};

// Numbers that are followed by a page that cannot be touched.
class GuardedMemory {
 public:
  explicit GuardedMemory(Index count) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(Scalar);
    size_ = (bytes + page_ - 1) / page_ * page_ + page_;
    start_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(start_ != MAP_FAILED);
    REQUIRE(mprotect(guard(), page_, PROT_NONE) == 0);
  }
  ~GuardedMemory() { munmap(start_, size_); }
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  [[nodiscard]] Eigen::Map<Matrix> matrix(Index rows, Index cols) const {
    return {reinterpret_cast<Scalar*>(guard()) - rows * cols, rows, cols};
  }

 private:
  [[nodiscard]] char* guard() const { return static_cast<char*>(start_) + size_ - page_; }

  std::size_t page_;
  std::size_t size_ = 0;
  void* start_ = nullptr;
};

}  // namespace

TEST_CASE("gemm equals the naive triple loop on odd, empty and one-wide shapes, however the factors lie") {
  const ThreadCount threads(2);
  for_each_instruction_set([] {
    for (const Shape& shape : shapes) {
      const auto& [m, n, k] = shape;
      CAPTURE(shape.m);
      CAPTURE(shape.n);
      CAPTURE(shape.k);
      const Matrix a = random_matrix(m, k, 1);
      const Matrix b = random_matrix(k, n, 2);
      const Matrix at = a.transpose();
      const Matrix bt = b.transpose();
      const Scattered as(a);
      const Scattered bs(b);
      const Matrix c0 = random_matrix(m, n, 3);
      for (const Scalar beta : {Scalar{0}, Scalar{1}, Scalar{-0.5}}) {
        const Matrix expected = naive(Scalar{1.5}, a, b, beta, c0);
        Matrix c = c0;
        gemm(Scalar{1.5}, a, b, beta, c);
        CHECK(largest_difference(c, expected) <= tolerance(k));
        const auto check_same = [&](const Factor& left, const Factor& right) {
          Matrix other = c0;
          gemm(Scalar{1.5}, left, right, beta, other);
          CHECK(same_bits(other, c));
        };
        check_same(at.transpose(), b);
        check_same(a, bt.transpose());
        check_same(at.transpose(), bt.transpose());
        check_same(as.view(), bs.view());
        check_same(as.view(), b);
        check_same(a, bs.view());
      }
    }
  });
}

TEST_CASE("affine is the product and a bias, bit for bit as where the sum starts from the bias") {
  for_each_instruction_set([] {
    for (const Shape& shape : shapes) {
      const auto& [m, n, k] = shape;
      CAPTURE(shape.m);
      CAPTURE(shape.n);
      CAPTURE(shape.k);
      const Matrix W = random_matrix(m, k, 1);
      const Matrix x = random_matrix(k, n, 2);
      const Matrix b = random_matrix(m, 1, 3);
      Matrix expected = b.replicate(1, n);
      gemm(1, W, x, 1, expected);
      Matrix z = Matrix::Constant(m, n, std::numeric_limits<Scalar>::quiet_NaN());
      affine(W, x, b, z);
      CHECK(same_bits(z, expected));
    }
  });
  Matrix z(3, 4);
  const Matrix W(3, 2);
  const Matrix x(2, 4);
  CHECK_THROWS_WITH_AS(affine(W, x, Matrix(2, 1), z), "affine: found a bias of 2x1, expected 3x1",
                       std::invalid_argument);
}

TEST_CASE("gemm works on blocks of larger matrices and leaves their surroundings alone") {
  for_each_instruction_set([] {
    const Matrix a = random_matrix(50, 60, 1);
    const Matrix b = random_matrix(60, 50, 2);
    for (const auto& [m, n, k] : std::vector<Shape>{{9, 7, 11}, {17, 1, 3}, {33, 20, 1}, {1, 9, 40}}) {
      for (const Scalar beta : {Scalar{0}, Scalar{2}}) {
        const Matrix before = random_matrix(55, 55, 3);
        const Matrix inner =
            naive(1, a.block(2, 3, m, k), b.block(1, 5, k, n), beta, before.block(4, 6, m, n));
        for (const bool transposed : {false, true}) {
          Matrix c = before;
          const Matrix at = a.transpose();
          if (transposed) {
            gemm(1, at.block(3, 2, k, m).transpose(), b.block(1, 5, k, n), beta, c.block(4, 6, m, n));
          } else {
            gemm(1, a.block(2, 3, m, k), b.block(1, 5, k, n), beta, c.block(4, 6, m, n));
          }
          CHECK(largest_difference(c.block(4, 6, m, n), inner) < 1e-5);
          c.block(4, 6, m, n) = before.block(4, 6, m, n);
          CHECK(same_bits(c, before));
        }
      }
    }
  });
}

TEST_CASE("an element of a product has the same bits wherever it stands") {
  for_each_instruction_set([] {
    for (const Index k : {1, 3, 4, 5, 40, 500}) {
      CAPTURE(k);
      const Matrix a = random_matrix(150, k, 1);
      const Matrix at = a.transpose();
      const Matrix b = random_matrix(k, 110, 2);
      const Matrix c0 = random_matrix(150, 110, 3);
      Matrix whole = c0;
      gemm(Scalar(0.3), a, b, Scalar(0.7), whole);
      for (const auto& [row, rows, col, cols] : std::vector<std::array<Index, 4>>{
               {0, 150, 17, 1}, {5, 1, 3, 100}, {33, 50, 40, 7}, {149, 1, 109, 1}, {20, 47, 0, 110}}) {
        Matrix part = c0.block(row, col, rows, cols);
        gemm(Scalar(0.3), a.middleRows(row, rows), b.middleCols(col, cols), Scalar(0.7), part);
        CHECK(same_bits(part, whole.block(row, col, rows, cols)));
        part = c0.block(row, col, rows, cols);
        gemm(Scalar(0.3), at.middleCols(row, rows).transpose(), b.middleCols(col, cols), Scalar(0.7), part);
        CHECK(same_bits(part, whole.block(row, col, rows, cols)));
      }
    }
  });
}

TEST_CASE("gemm gives the same bits on any number of threads") {
  for_each_instruction_set([] {
    for (const Shape& shape : std::vector<Shape>{{301, 97, 530},
                                                 {97, 301, 530},
                                                 {700, 1, 900},
                                                 {900, 700, 1},
                                                 {10, 900, 200},
                                                 {2000, 9, 64},
                                                 {256, 64, 784},
                                                 {130, 3, 4100},
                                                 {700, 330, 40}}) {
      const auto& [m, n, k] = shape;
      CAPTURE(shape.m);
      const Matrix a = random_matrix(m, k, 1);
      const Matrix b = random_matrix(k, n, 2);
      const Matrix bias = random_matrix(m, 1, 3);
      const Matrix at = a.transpose();
      const Matrix bt = b.transpose();
      Matrix one(m, n);
      Matrix one_scaled = bias.replicate(1, n);
      {
        const ThreadCount threads(1);
        affine(a, b, bias, one);
        gemm(Scalar(0.3), a, b, Scalar(0.7), one_scaled);
      }
      for (const int count : {2, 3, 7, 16}) {
        CAPTURE(count);
        const ThreadCount threads(count);
        Matrix many(m, n);
        affine(a, b, bias, many);
        CHECK(same_bits(many, one));
        many = bias.replicate(1, n);
        gemm(Scalar(0.3), at.transpose(), bt.transpose(), Scalar(0.7), many);
        CHECK(same_bits(many, one_scaled));
      }
    }
  });
}

TEST_CASE("not a number and infinity reach the same elements as in the naive loop") {
  const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  for_each_instruction_set([&] {
    for (const Shape& shape : shapes) {
      const auto& [m, n, k] = shape;
      if (m * n * k == 0) continue;
      CAPTURE(shape.m);
      CAPTURE(shape.n);
      CAPTURE(shape.k);
      Matrix a = random_matrix(m, k, 1);
      Matrix b = random_matrix(k, n, 2);
      Matrix c0 = random_matrix(m, n, 3);
      a(m - 1, k / 2) = nan;
      a(m / 2, k - 1) = infinity;
      b(0, n / 2) = -infinity;
      b(k - 1, 0) = 0;
      c0(m / 3, n - 1) = infinity;
      c0(0, n / 3) = nan;
      for (const Scalar beta : {Scalar{0}, Scalar{1}, Scalar{0.5}}) {
        const Matrix expected = naive(1, a, b, beta, c0);
        const Matrix at = a.transpose();
        for (const Factor& factor : {Factor(a), Factor(at.transpose())}) {
          Matrix c = c0;
          gemm(1, factor, b, beta, c);
          for (Index j = 0; j < n; ++j) {
            for (Index i = 0; i < m; ++i) {
              REQUIRE(std::isnan(c(i, j)) == std::isnan(expected(i, j)));
              if (std::isinf(expected(i, j))) REQUIRE(c(i, j) == expected(i, j));
            }
          }
        }
      }
    }
  });
}

TEST_CASE("products read nothing beyond their factors and write nothing beyond their result") {
  // Each matrix ends where memory ends.
  GuardedMemory a_memory(40 * 20);
  GuardedMemory b_memory(20 * 9);
  GuardedMemory c_memory(40 * 9);
  GuardedMemory bias_memory(40);
  for_each_instruction_set([&] {
    for (Index m = 1; m <= 40; ++m) {
      for (const Index n : {1, 2, 5, 8, 9}) {
        for (const Index k : {1, 3, 5, 16, 19}) {
          auto a = a_memory.matrix(m, k);
          auto at = a_memory.matrix(k, m);
          auto b = b_memory.matrix(k, n);
          auto bt = b_memory.matrix(n, k);
          auto c = c_memory.matrix(m, n);
          auto bias = bias_memory.matrix(m, 1);
          gemm(1, a, b, 0, c);
          gemm(1, at.transpose(), b, 1, c);
          gemm(1, a, bt.transpose(), 1, c);
          affine(a, b, bias, c);
          add_row_sums(1, c, 1, bias);
        }
      }
    }
  });
}

TEST_CASE("gemm refuses shapes that do not fit, naming them") {
  Matrix c(2, 2);
  const Matrix a(2, 3);
  const Matrix b(4, 2);
  const Matrix wide(3, 4);
  CHECK_THROWS_WITH_AS(gemm(1, a, b, 0, c), "gemm: 2x3 times 4x2 does not give 2x2", std::invalid_argument);
  CHECK_THROWS_AS(gemm(1, a, wide, 0, c), std::invalid_argument);
}

TEST_CASE("row sums are the product with a column of ones, and leave the surroundings of the target alone") {
  for_each_instruction_set([] {
    for (const Index m : {1, 3, 16, 37, 130}) {
      for (const Index n : {0, 1, 4, 7, 64}) {
        CAPTURE(m);
        CAPTURE(n);
        const Matrix a = random_matrix(m + 2, n, 1);
        const Matrix before = random_matrix(m + 2, 1, 2);
        for (const Scalar beta : {Scalar{0}, Scalar{1}, Scalar{-0.5}}) {
          const Matrix expected =
              naive(2, a.middleRows(1, m), Matrix::Ones(n, 1), beta, before.middleRows(1, m));
          Matrix target = before;
          if (beta == 0) target.middleRows(1, m).setConstant(std::numeric_limits<Scalar>::quiet_NaN());
          add_row_sums(2, a.middleRows(1, m), beta, target.middleRows(1, m));
          CHECK(largest_difference(target.middleRows(1, m), expected) <= tolerance(n));
          CHECK(target(0, 0) == before(0, 0));
          CHECK(target(m + 1, 0) == before(m + 1, 0));
        }
      }
    }
  });
  Matrix target(2, 1);
  CHECK_THROWS_WITH_AS(add_row_sums(1, Matrix(3, 4), 0, target),
                       "add_row_sums: found a target of 2x1, expected 3x1", std::invalid_argument);
}
