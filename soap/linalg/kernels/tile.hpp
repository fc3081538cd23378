// The micro-kernels: one tile of c, whose sums stay in registers.
#pragma once

#include <utility>

#include "soap/linalg/kernels/transpose.hpp"
#include "soap/linalg/kernels/vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// c = alpha·sum + beta·base for one tile of c, where base is c itself or a bias, whose columns are all the
/// same; without a base c = alpha·sum.
struct Tile {
  Index depth;
  const Scalar* a;
  Index a_step;
  const Scalar* b;
  Index b_along_k;
  Index b_across;
  Scalar alpha;
  Scalar beta;
  const Scalar* base;
  Index base_stride;
  Scalar* c;
  Index c_stride;
  Index rows;  ///< of c that exist: up to lanes - 1 fewer than the tile has
};

using MicroKernel = void (*)(const Tile&);

template <class Machine, Index vectors, Index cols>
struct Sums {
  Vector<Machine> at[cols][vectors];
};

// Loops over sums are unrolled, or else the sums would go through memory.
template <class Machine, Index vectors, Index cols>
[[gnu::always_inline]] inline void finish_tile(const Sums<Machine, vectors, cols>& sums, const Tile& t) {
  using V = Vector<Machine>;
  constexpr Index lanes = lanes_of<Machine>;
  const V alpha = Machine::broadcast(t.alpha);
  const V beta = Machine::broadcast(t.beta);
  const auto finish = [&](bool with_base, Index first, Index last, auto extent)
      __attribute__((always_inline)) {
#pragma GCC unroll 16
    for (Index v = first; v < last; ++v) {
      // All of a column strip is read before any of it is written: a masked load would wait for a masked
      // store to the bytes beside it.
      V result[cols];
#pragma GCC unroll 16
      for (Index j = 0; j < cols; ++j) {
        result[j] = sums.at[j][v] * alpha;
        if (with_base) {
          const V base = extent.load(t.base + v * lanes + j * t.base_stride);
          result[j] = Machine::multiply_add(sums.at[j][v], alpha, base * beta);
        }
      }
#pragma GCC unroll 16
      for (Index j = 0; j < cols; ++j) extent.store(result[j], t.c + v * lanes + j * t.c_stride);
    }
  };
  const auto finish_all = [&](bool with_base) __attribute__((always_inline)) {
    finish(with_base, 0, vectors - 1, Whole<Machine>{});
    const Index rest = t.rows - (vectors - 1) * lanes;
    if (rest == lanes) {
      finish(with_base, vectors - 1, vectors, Whole<Machine>{});
    } else {
      finish(with_base, vectors - 1, vectors, First<Machine>{rest});
    }
  };
  if (t.base != nullptr) {
    finish_all(true);
  } else {
    finish_all(false);
  }
}

/// A tile of whole vectors of rows. Rows of a lie side by side, a_step apart from one k to the next.
template <class Machine, Index vectors, Index cols>
void multiply_tile(const Tile& t) {
  using V = Vector<Machine>;
  Sums<Machine, vectors, cols> sums{};
  const Scalar* a = t.a;
  const Scalar* b[cols];
  for (Index j = 0; j < cols; ++j) b[j] = t.b + j * t.b_across;
  const Index a_step = t.a_step;
  const Index b_step = t.b_along_k;
  for (Index p = t.depth; p > 0; --p) {
    V column[vectors];
    for (Index v = 0; v < vectors; ++v) column[v] = Whole<Machine>{}.load(a + v * lanes_of<Machine>);
    a += a_step;
    for (Index j = 0; j < cols; ++j) {
      const V factor = Machine::broadcast(*b[j]);
      b[j] += b_step;
      for (Index v = 0; v < vectors; ++v)
        sums.at[j][v] = Machine::multiply_add(column[v], factor, sums.at[j][v]);
    }
  }
  finish_tile(sums, t);
}

/// A tile of one vector of rows. Each row of a is contiguous, a_step apart from the next.
template <class Machine, Index cols>
void multiply_rows_tile(const Tile& t) {
  constexpr Index lanes = lanes_of<Machine>;
  Sums<Machine, 1, cols> sums{};
  const Scalar* b[cols];
  for (Index j = 0; j < cols; ++j) b[j] = t.b + j * t.b_across;
  for (Index p = 0; p < t.depth; p += lanes) {
    const Index count = smaller(lanes, t.depth - p);
    Square<Machine> columns;
    load_columns<Machine>(t.a + p, t.a_step, t.rows, count, columns);
#pragma GCC unroll 16
    for (Index i = 0; i < lanes; ++i) {
      if (i == count) break;
#pragma GCC unroll 16
      for (Index j = 0; j < cols; ++j) {
        sums.at[j][0] = Machine::multiply_add(columns[i], Machine::broadcast(*b[j]), sums.at[j][0]);
        b[j] += t.b_along_k;
      }
    }
  }
  finish_tile(sums, t);
}

/// Micro-kernels of 1 ... `vectors` vectors of rows for a given number of columns, and of 1 ... `cols`
/// columns.
template <Index vectors>
struct TilesByVectors {
  MicroKernel of[vectors];
};
template <Index vectors, Index cols>
struct TilesByCols {
  TilesByVectors<vectors> of[cols];
};
template <Index cols>
struct RowsTilesByCols {
  MicroKernel of[cols];
};

template <class Machine, Index cols, Index... v>
constexpr TilesByVectors<sizeof...(v)> tiles_by_vectors(std::integer_sequence<Index, v...>) {
  return {{multiply_tile<Machine, v + 1, cols>...}};
}
template <class Machine, Index vectors, Index... j>
constexpr TilesByCols<vectors, sizeof...(j)> tiles_by_cols(std::integer_sequence<Index, j...>) {
  return {{tiles_by_vectors<Machine, j + 1>(std::make_integer_sequence<Index, vectors>())...}};
}
template <class Machine, Index... j>
constexpr RowsTilesByCols<sizeof...(j)> rows_tiles_by_cols(std::integer_sequence<Index, j...>) {
  return {{multiply_rows_tile<Machine, j + 1>...}};
}

}  // namespace SOAP_ABI
}  // namespace soap
