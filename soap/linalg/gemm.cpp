// C is cut into tiles of tile_rows x tile_cols that a micro-kernel keeps in registers while it runs along k.
// It reads panels: copies of the factors in the order of its reading, padded with zeros at the edges.
// See Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008).
#include "soap/linalg/gemm.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/linalg/threads.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// The compiler's vector type: 16 bytes is what every x86-64 and arm64 has.
using Vector = Scalar __attribute__((vector_size(16)));
constexpr Index lanes = 16 / sizeof(Scalar);

constexpr Index tile_vectors = 3;
constexpr Index tile_rows = tile_vectors * lanes;
constexpr Index tile_cols = 4;

// A block of a holds block_rows x block_depth and stays in a core's second cache, one of b holds block_depth
// x block_cols. block_depth fixes the order of additions: it must not depend on the number of threads.
constexpr Index block_depth = 256;
constexpr Index block_rows = 16 * tile_rows;
constexpr Index block_cols = 256 * tile_cols;

// A part of c for a thread of its own has at least this many multiplications: below it, waking another thread
// costs more than it saves.
constexpr Index least_share = 250'000;

constexpr Index divide_up(Index a, Index b) { return (a + b - 1) / b; }

// Copies `width` (at most `panel`) rows of a factor, columns k ... k + depth - 1, into a panel of
// depth x panel; the rest of the panel is zero.
template <Index panel>
void pack(const Factor& source, Index row, Index width, Index k, Index depth, Scalar* packed) {
  const Scalar* from = source.at(row, k);
  const Index along = source.row_stride();
  const Index across = source.col_stride();
  if (width < panel) std::fill_n(packed, panel * depth, Scalar{0});
  if (along == 1) {
    for (Index p = 0; p < depth; ++p) {
      for (Index i = 0; i < width; ++i) packed[p * panel + i] = from[p * across + i];
    }
  } else {
    for (Index i = 0; i < width; ++i) {
      for (Index p = 0; p < depth; ++p) packed[p * panel + i] = from[i * along + p * across];
    }
  }
}

struct Tile {
  std::array<std::array<Vector, tile_vectors>, tile_cols> sums;
};

Tile multiply_panels(const Scalar* a, const Scalar* b, Index depth) {
  Tile tile{};
  for (Index p = 0; p < depth; ++p, a += tile_rows, b += tile_cols) {
    std::array<Vector, tile_vectors> column;
    for (Index v = 0; v < tile_vectors; ++v) __builtin_memcpy(&column[v], a + v * lanes, sizeof(Vector));
    for (Index j = 0; j < tile_cols; ++j) {
      for (Index v = 0; v < tile_vectors; ++v) tile.sums[j][v] += column[v] * b[j];
    }
  }
  return tile;
}

// c = alpha·tile + beta·c for the tile's part that lies inside c.
void store(const Tile& tile, Scalar alpha, Scalar beta, Scalar* c, Index stride, Index rows, Index cols) {
  for (Index j = 0; j < cols; ++j) {
    const auto* sums = reinterpret_cast<const Scalar*>(&tile.sums[j]);
    Scalar* column = c + j * stride;
    if (beta == 0) {
      for (Index i = 0; i < rows; ++i) column[i] = alpha * sums[i];
    } else {
      for (Index i = 0; i < rows; ++i) column[i] = beta * column[i] + alpha * sums[i];
    }
  }
}

void check_shapes(const Factor& a, const Factor& b, const Ref& c) {
  if (a.cols() == b.rows() && a.rows() == c.rows() && b.cols() == c.cols()) return;
  const auto shape = [](Index rows, Index cols) { return std::to_string(rows) + "x" + std::to_string(cols); };
  throw std::invalid_argument("gemm: " + shape(a.rows(), a.cols()) + " times " + shape(b.rows(), b.cols()) +
                              " does not give " + shape(c.rows(), c.cols()));
}

void scale(Ref c, Scalar beta) {
  if (beta == 0) {
    c.setZero();
  } else if (beta != 1) {
    c *= beta;
  }
}

// The product on one thread. Panels are kept by each thread, so that a training step allocates nothing after
// the first.
void multiply(Scalar alpha, const Factor& a, const Factor& b, Scalar beta, Scalar* c, Index c_stride) {
  const Index m = a.rows();
  const Index n = b.cols();
  const Index depth = a.cols();
  const Index panel_depth = std::min(depth, block_depth);
  const Index a_rows = divide_up(std::min(m, block_rows), tile_rows) * tile_rows;
  const Index b_cols = divide_up(std::min(n, block_cols), tile_cols) * tile_cols;
  thread_local std::vector<Scalar> panels;
  const auto needed = static_cast<std::size_t>((a_rows + b_cols) * panel_depth);
  if (panels.size() < needed) panels.resize(needed);
  Scalar* const a_panels = panels.data();
  Scalar* const b_panels = a_panels + a_rows * panel_depth;
  const Factor bt = b.transposed();

  for (Index k = 0; k < depth; k += block_depth) {
    const Index kb = std::min(block_depth, depth - k);
    const Scalar block_beta = k == 0 ? beta : Scalar{1};
    for (Index col = 0; col < n; col += block_cols) {
      const Index nb = std::min(block_cols, n - col);
      for (Index j = 0; j < nb; j += tile_cols) {
        pack<tile_cols>(bt, col + j, std::min(tile_cols, nb - j), k, kb, b_panels + j * kb);
      }
      for (Index row = 0; row < m; row += block_rows) {
        const Index mb = std::min(block_rows, m - row);
        for (Index i = 0; i < mb; i += tile_rows) {
          pack<tile_rows>(a, row + i, std::min(tile_rows, mb - i), k, kb, a_panels + i * kb);
        }
        for (Index j = 0; j < nb; j += tile_cols) {
          for (Index i = 0; i < mb; i += tile_rows) {
            const Tile tile = multiply_panels(a_panels + i * kb, b_panels + j * kb, kb);
            store(tile, alpha, block_beta, c + (row + i) + (col + j) * c_stride, c_stride,
                  std::min(tile_rows, mb - i), std::min(tile_cols, nb - j));
          }
        }
      }
    }
  }
}

}  // namespace

void gemm(Scalar alpha, const Factor& a, const Factor& b, Scalar beta, Ref c) {
  check_shapes(a, b, c);
  const Index m = c.rows();
  const Index n = c.cols();
  if (m == 0 || n == 0) return;
  if (a.cols() == 0) return scale(c, beta);

  // The longer side of c is cut into one strip a thread. Each packs its own panels: the threads meet only at
  // the end.
  const Index wanted = std::min<Index>(m * n * a.cols() / least_share, usable_threads());
  const bool by_rows = m > n;
  const Index tile = by_rows ? tile_rows : tile_cols;
  const Index strip = divide_up(divide_up(by_rows ? m : n, std::max<Index>(wanted, 1)), tile) * tile;
  const Index strips = divide_up(by_rows ? m : n, strip);
  const auto multiply_strip = [&](Index i) {
    const Index first = i * strip;
    const Index size = std::min(strip, (by_rows ? m : n) - first);
    if (by_rows) {
      multiply(alpha, a.middle_rows(first, size), b, beta, c.data() + first, c.outerStride());
    } else {
      const Factor columns = b.transposed().middle_rows(first, size).transposed();
      multiply(alpha, a, columns, beta, c.data() + first * c.outerStride(), c.outerStride());
    }
  };
  if (strips == 1) return multiply_strip(0);
#pragma omp parallel for num_threads(static_cast <int>(strips))
  for (Index i = 0; i < strips; ++i) multiply_strip(i);
}

}  // namespace soap::inline SOAP_ABI
