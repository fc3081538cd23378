#include "soap/linalg/gemm.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

#include "soap/linalg/kernels/kernels.hpp"
#include "soap/linalg/kernels/vector.hpp"
#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// A thread of its own for a part of c must save more time than waking it takes. An element that is fetched
// from memory counts as much as this many multiplications.
constexpr Index least_share = 250'000;
constexpr Index cost_of_fetching = 8;

std::string shape_of(Index rows, Index cols) { return std::to_string(rows) + "x" + std::to_string(cols); }

void check_shapes(const char* caller, const Factor& a, const Factor& b, const Ref& c) {
  if (a.cols() == b.rows() && a.rows() == c.rows() && b.cols() == c.cols()) return;
  throw std::invalid_argument(std::string(caller) + ": " + shape_of(a.rows(), a.cols()) + " times " +
                              shape_of(b.rows(), b.cols()) + " does not give " +
                              shape_of(c.rows(), c.cols()));
}

// Blocks of a sum are short enough for a panel of b to stay in a core's first cache, and there are 1, 2, 4, 8
// ... of them, which as many threads can share.
Index block_depth(Index k) {
  constexpr auto most = static_cast<Index>(1024 / sizeof(Scalar));
  Index blocks = 1;
  while (blocks * most < k) blocks *= 2;
  return divide_up(k, blocks);
}

Strided strided(const Factor& factor) { return {factor.at(0, 0), factor.row_stride(), factor.col_stride()}; }

// Memory that a thread keeps, so that a training step allocates nothing after the first.
Scalar* at_least(Index size, Matrix& memory) {
  if (memory.size() < size) memory.resize(size, 1);
  return memory.data();
}

void multiply(const Product& p, const Kernels& kernel) {
  thread_local Matrix scratch;
  kernel.multiply(p, at_least(kernel.scratch(p), scratch));
}

// C cut into row_parts x col_parts rectangles, one a thread.
struct Grid {
  Index row_parts = 1;
  Index col_parts = 1;
  Index rows;  // of a part; the last ones may be smaller
  Index cols;
};

// The grid whose largest part is smallest, but columns are cut rather than rows unless that is clearly worse:
// they lie together in memory, so that no processor fetches ahead what another one is about to write.
Grid cut(const Product& p, const Kernels& kernel, Index threads) {
  constexpr double clearly = 0.9;
  Grid best{.rows = p.m, .cols = p.n};
  double least_work = std::numeric_limits<double>::infinity();
  for (Index col_parts = threads; col_parts >= 1; --col_parts) {
    const Index rows = round_up(divide_up(p.m, threads / col_parts), kernel.lanes);
    const Index cols = round_up(divide_up(p.n, col_parts), std::min(p.n, kernel.tile_cols));
    const auto work = static_cast<double>(rows * cols + cost_of_fetching * (rows + cols));
    if (work >= clearly * least_work) continue;
    least_work = work;
    best = {.row_parts = divide_up(p.m, rows), .col_parts = divide_up(p.n, cols), .rows = rows, .cols = cols};
  }
  return best;
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

void multiply_parts_of_c(const Product& p, const Kernels& kernel, Index threads) {
  const Grid grid = cut(p, kernel, threads);
  const Index parts = grid.row_parts * grid.col_parts;
  parallel_parts(parts, [&](Index part) { multiply_part(p, kernel, grid, part); });
}

// The terms first ... first + count - 1 of the sums.
Product terms_of(const Product& p, Index first, Index count) {
  Product own = p;
  own.k = count;
  own.a.data += first * p.a.col_stride;
  own.b.data += first * p.b.row_stride;
  return own;
}

// For a few columns: a thread takes some blocks of the sums, so that it reads the columns of a, a layer's
// weights, that it also updates. The blocks after those of the first thread are kept until all are there and
// then added in their order, by the operation that one thread would use.
void multiply_blocks_of_sums(const Product& p, const Kernels& kernel, Index threads) {
  const Index depth = p.depth;
  const Index blocks = divide_up(p.k, depth);
  const Index share = divide_up(blocks, threads);
  const Index parts = divide_up(blocks, share);
  thread_local Matrix memory;
  Scalar* const sums = at_least((blocks - share) * p.m * p.n, memory);
  const auto sums_of = [&](Index block) { return sums + (block - share) * p.m * p.n; };
  parallel_parts(parts, [&](Index part) {
    if (part == 0) return multiply(terms_of(p, 0, share * depth), kernel);
    for (Index block = part * share; block < std::min(blocks, (part + 1) * share); ++block) {
      Product own = terms_of(p, block * depth, std::min(depth, p.k - block * depth));
      own.alpha = 1;
      own.beta = 0;
      own.bias = nullptr;
      own.c = sums_of(block);
      own.c_stride = p.m;
      multiply(own, kernel);
    }
  });
  parallel_ranges(p.n, (blocks - share) * p.m * p.n / kernel.lanes, [&](Index first, Index count) {
    for (Index block = share; block < blocks; ++block) {
      for (Index j = first; j < first + count; ++j)
        kernel.add_scaled(p.alpha, sums_of(block) + j * p.m, p.c + j * p.c_stride, p.m);
    }
  });
}

void multiply_on_threads(const Product& p) {
  const Kernels& kernel = kernels();
  const Index work = p.m * p.n * p.k + cost_of_fetching * (p.m * p.k + p.k * p.n + p.m * p.n);
  const Index threads = work < 2 * least_share ? 1 : std::min<Index>(work / least_share, usable_threads());
  if (threads == 1) return multiply(p, kernel);
  const Index blocks = divide_up(p.k, p.depth);
  // The sums of blocks, which are written and read again, must be at most half as many as the elements of a.
  const bool few_cols = 2 * blocks * p.n <= p.k;
  if (few_cols && blocks >= threads) return multiply_blocks_of_sums(p, kernel, threads);
  multiply_parts_of_c(p, kernel, threads);
}

Product product(Scalar alpha, const Factor& a, const Factor& b, Scalar beta, const Scalar* bias, Ref& c) {
  return {.m = c.rows(),
          .n = c.cols(),
          .k = a.cols(),
          .depth = block_depth(a.cols()),
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

}  // namespace SOAP_ABI
}  // namespace soap
