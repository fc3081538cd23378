#include "soap/linalg/gemm.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "soap/linalg/kernels/kernels.hpp"
#include "soap/linalg/threads.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// A thread of its own for a part of c must save more time than waking it takes. An element that is fetched
// from memory counts as much as this many multiplications.
constexpr Index least_share = 250'000;
constexpr Index cost_of_fetching = 8;

constexpr Index divide_up(Index a, Index b) { return (a + b - 1) / b; }
constexpr Index round_up(Index a, Index b) { return divide_up(a, b) * b; }

std::string shape_of(Index rows, Index cols) { return std::to_string(rows) + "x" + std::to_string(cols); }

void check_shapes(const char* caller, const Factor& a, const Factor& b, const Ref& c) {
  if (a.cols() == b.rows() && a.rows() == c.rows() && b.cols() == c.cols()) return;
  throw std::invalid_argument(std::string(caller) + ": " + shape_of(a.rows(), a.cols()) + " times " +
                              shape_of(b.rows(), b.cols()) + " does not give " +
                              shape_of(c.rows(), c.cols()));
}

Strided strided(const Factor& factor) { return {factor.at(0, 0), factor.row_stride(), factor.col_stride()}; }

// C cut into row_parts x col_parts rectangles, one a thread.
struct Grid {
  Index row_parts = 1;
  Index col_parts = 1;
  Index rows;  // of a part; the last ones may be smaller
  Index cols;
};

// The grid whose largest part is smallest. Rows are cut rather than columns where that is equal: a layer's
// forward pass and its update then give a thread the same rows of the weights, which it finds in its cache.
Grid cut(const Product& p, const Kernels& kernel, Index threads) {
  Grid best{.rows = p.m, .cols = p.n};
  Index least_work = 0;
  for (Index row_parts = threads; row_parts >= 1; --row_parts) {
    const Index rows = round_up(divide_up(p.m, row_parts), kernel.lanes);
    const Index cols = round_up(divide_up(p.n, threads / row_parts), std::min(p.n, kernel.tile_cols));
    const Index work = rows * cols + cost_of_fetching * (rows + cols);
    if (least_work != 0 && work >= least_work) continue;
    least_work = work;
    best = {.row_parts = divide_up(p.m, rows), .col_parts = divide_up(p.n, cols), .rows = rows, .cols = cols};
  }
  return best;
}

// Kept by each thread, so that a training step allocates nothing after the first.
Scalar* scratch_memory(Index size) {
  thread_local Matrix memory;
  if (memory.size() < size) memory.resize(size, 1);
  return memory.data();
}

void multiply(const Product& p, const Kernels& kernel) {
  kernel.multiply(p, scratch_memory(kernel.scratch(p)));
}

void multiply_part(const Product& p, const Kernels& kernel, const Grid& grid, Index part) {
  const Index row = part % grid.row_parts * grid.rows;
  const Index col = part / grid.row_parts * grid.cols;
  Product own = p;
  own.m = std::min(grid.rows, p.m - row);
  own.n = std::min(grid.cols, p.n - col);
  own.a.data += row * p.a.row_stride;
  own.b.data += col * p.b.col_stride;
  own.c += row + col * p.c_stride;
  if (p.bias != nullptr) own.bias += row;
  multiply(own, kernel);
}

void multiply_on_threads(const Product& p) {
  const Kernels& kernel = kernels();
  const Index work = p.m * p.n * p.k + cost_of_fetching * (p.m * p.k + p.k * p.n + p.m * p.n);
  const Index threads = work < 2 * least_share ? 1 : std::min<Index>(work / least_share, usable_threads());
  if (threads == 1) return multiply(p, kernel);
  const Grid grid = cut(p, kernel, threads);
  const Index parts = grid.row_parts * grid.col_parts;
#pragma omp parallel for num_threads(static_cast <int>(parts)) schedule(static, 1)
  for (Index part = 0; part < parts; ++part) multiply_part(p, kernel, grid, part);
}

Product product(Scalar alpha, const Factor& a, const Factor& b, Scalar beta, const Scalar* bias, Ref& c) {
  return {.m = c.rows(),
          .n = c.cols(),
          .k = a.cols(),
          .alpha = alpha,
          .beta = beta,
          .bias = bias,
          .a = strided(a),
          .b = strided(b),
          .c = c.data(),
          .c_stride = c.outerStride()};
}

}  // namespace

void gemm(Scalar alpha, const Factor& a, const Factor& b, Scalar beta, Ref c) {
  check_shapes("gemm", a, b, c);
  if (c.size() == 0) return;
  if (a.cols() == 0) {
    if (beta == 0) {
      c.setZero();
    } else {
      c *= beta;
    }
    return;
  }
  multiply_on_threads(product(alpha, a, b, beta, nullptr, c));
}

void affine(const Factor& W, const Factor& x, ConstRef b, Ref z) {
  check_shapes("affine", W, x, z);
  if (b.rows() != z.rows() || b.cols() != 1) {
    throw std::invalid_argument("affine: found a bias of " + shape_of(b.rows(), b.cols()) + ", expected " +
                                shape_of(z.rows(), 1));
  }
  if (z.size() == 0) return;
  if (W.cols() == 0) {
    z.colwise() = b.col(0);
    return;
  }
  multiply_on_threads(product(1, W, x, 1, b.data(), z));
}

void add_row_sums(Scalar alpha, ConstRef a, Scalar beta, Ref target) {
  if (target.rows() != a.rows() || target.cols() != 1) {
    throw std::invalid_argument("add_row_sums: found a target of " + shape_of(target.rows(), target.cols()) +
                                ", expected " + shape_of(a.rows(), 1));
  }
  kernels().add_row_sums({.m = a.rows(),
                          .n = a.cols(),
                          .a = a.data(),
                          .a_stride = a.outerStride(),
                          .alpha = alpha,
                          .beta = beta,
                          .target = target.data()});
}

}  // namespace soap::inline SOAP_ABI
