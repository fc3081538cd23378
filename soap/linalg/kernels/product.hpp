// c = alpha·a·b + beta·c on one thread: the loops of gemm, compiled once for each instruction set.
//
// C is cut into tiles that a micro-kernel keeps in registers while it runs along k. It reads the factors
// where they lie when that is quick, and else from panels: copies in the order of its reading. See Goto and
// van de Geijn, "Anatomy of high-performance matrix multiplication" (2008).
//
// One element of c is a sum over k in order, in blocks, and every path does the same operations on it:
// neither strides, nor packing, nor the tile that it falls into change a bit.
#pragma once

#include "soap/linalg/kernels/outer_products.hpp"
#include "soap/linalg/kernels/tile.hpp"
#include "soap/linalg/kernels/vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
class ProductKernel {
  using V = Vector<Machine>;
  static constexpr Index lanes = lanes_of<Machine>;
  static constexpr Index tile_rows = Machine::tile_vectors * lanes;
  static constexpr Index tile_cols = Machine::tile_cols;
  // A tile of one column has few sums: more rows at a time hide the latency of the additions.
  static constexpr Index column_rows = Machine::column_vectors * lanes;

  // A panel of b (depth x tile_cols) stays in a core's first cache, a packed block of a (block_rows x
  // depth) in its second.
  static constexpr Index block_rows = Machine::block_tiles * tile_rows;
  static_assert(block_rows >= column_rows);
  static constexpr Index block_cols = 2048 / tile_cols * tile_cols;

  static constexpr auto tiles =
      tiles_by_cols<Machine, Machine::tile_vectors>(std::make_integer_sequence<Index, tile_cols>());
  static constexpr auto column_tiles =
      tiles_by_vectors<Machine, 1>(std::make_integer_sequence<Index, Machine::column_vectors>());
  static constexpr auto rows_tiles =
      rows_tiles_by_cols<Machine>(std::make_integer_sequence<Index, tile_cols>());

 public:
  static Index scratch(const Product& p) {
    return (room_for_b(p) + smaller(round_up(p.m, lanes), block_rows)) * p.depth;
  }

  static void multiply(const Product& p, Scalar* scratch) {
    if (p.k <= most_outer_products && p.a.row_stride == 1 && p.beta != 0 && p.bias == nullptr)
      return add_outer_products<Machine>(p);
    if (p.n <= tile_cols && p.a.col_stride == 1 && p.a.row_stride != 1) return multiply_rows(p);
    multiply_panels(p, scratch);
  }

 private:
  struct Range {
    Index first;
    Index count;
  };

  // Packing pays when what is packed is read often enough.
  static bool packs_a(const Product& p) { return p.a.row_stride != 1 || p.n > Machine::least_cols_to_pack_a; }
  static bool packs_b(const Product& p) { return p.m > Machine::least_rows_to_pack_b; }

  // In columns; whole vectors, so that what follows is aligned.
  static Index room_for_b(const Product& p) {
    return packs_b(p) ? round_up(smaller(p.n, block_cols), lanes) : 0;
  }

  static bool starts_from_bias(const Product& p, Index k) { return p.bias != nullptr && k == 0; }

  // What the tiles of all blocks share that start at this k.
  static Tile tile_at(const Product& p, Index k) {
    const bool biased = starts_from_bias(p, k);
    Tile tile{};
    tile.depth = smaller(p.depth, p.k - k);
    tile.alpha = p.alpha;
    tile.beta = k == 0 && !biased ? p.beta : Scalar{1};
    tile.base_stride = biased ? 0 : p.c_stride;
    tile.c_stride = p.c_stride;
    return tile;
  }

  static void place(const Product& p, Index k, Index row, Index col, Tile& tile) {
    tile.c = p.c + row + col * p.c_stride;
    if (starts_from_bias(p, k)) {
      tile.base = p.bias + row;
    } else {
      tile.base = tile.beta == 0 ? nullptr : tile.c;
    }
  }

  // A few columns and contiguous rows of a: a is read once, so it is transposed on the way to the registers.
  static void multiply_rows(const Product& p) {
    const MicroKernel multiply = rows_tiles.of[p.n - 1];
    for (Index k = 0; k < p.k; k += p.depth) {
      Tile tile = tile_at(p, k);
      tile.a_step = p.a.row_stride;
      tile.b = p.b.data + k * p.b.row_stride;
      tile.b_along_k = p.b.row_stride;
      tile.b_across = p.b.col_stride;
      for (Index row = 0; row < p.m; row += lanes) {
        tile.rows = smaller(lanes, p.m - row);
        tile.a = p.a.data + row * p.a.row_stride + k;
        place(p, k, row, 0, tile);
        multiply(tile);
      }
    }
  }

  static void multiply_panels(const Product& p, Scalar* scratch) {
    const Index depth = p.depth;
    Scalar* const b_panels = scratch;
    Scalar* const a_panels = scratch + room_for_b(p) * depth;
    const bool pack_b = packs_b(p);
    for (Index k = 0; k < p.k; k += depth) {
      const Tile tile = tile_at(p, k);
      for (Index col = 0; col < p.n; col += block_cols) {
        const Range cols{col, smaller(block_cols, p.n - col)};
        if (pack_b) pack_b_panels(p, k, tile.depth, cols, b_panels);
        for (Index row = 0; row < p.m; row += block_rows) {
          const Range rows{row, smaller(block_rows, p.m - row)};
          multiply_block(p, k, rows, cols, tile, a_panels, pack_b ? b_panels : nullptr);
        }
      }
    }
  }

  static void multiply_block(const Product& p, Index k, Range rows, Range cols, Tile tile, Scalar* a_panels,
                             const Scalar* b_panels) {
    const Index height = p.n == 1 ? column_rows : tile_rows;
    const Index whole_rows = rows.count - rows.count % height;
    const Index rest = rows.count - whole_rows;
    const bool pack_a = packs_a(p);
    const bool pack_rest = pack_a || rest % lanes != 0;
    for (Index i = 0; i < rows.count; i += height) {
      if (i < whole_rows ? pack_a : pack_rest)
        pack_a_panel(p, k, tile.depth, {rows.first + i, smaller(height, rows.count - i)},
                     a_panels + i * tile.depth);
    }
    for (Index j = 0; j < cols.count; j += tile_cols) {
      const Index width = smaller(tile_cols, cols.count - j);
      if (b_panels != nullptr) {
        tile.b = b_panels + j * tile.depth;
        tile.b_along_k = width;
        tile.b_across = 1;
      } else {
        tile.b = p.b.data + k * p.b.row_stride + (cols.first + j) * p.b.col_stride;
        tile.b_along_k = p.b.row_stride;
        tile.b_across = p.b.col_stride;
      }
      for (Index i = 0; i < rows.count; i += height) {
        tile.rows = smaller(height, rows.count - i);
        if (i < whole_rows ? pack_a : pack_rest) {
          tile.a = a_panels + i * tile.depth;
          tile.a_step = round_up(tile.rows, lanes);
        } else {
          tile.a = p.a.data + rows.first + i + k * p.a.col_stride;
          tile.a_step = p.a.col_stride;
        }
        place(p, k, rows.first + i, cols.first + j, tile);
        const Index vectors = divide_up(tile.rows, lanes);
        (p.n == 1 ? column_tiles.of[vectors - 1] : tiles.of[width - 1].of[vectors - 1])(tile);
      }
    }
  }

  // Copies rows of a into a panel of whole vectors, side by side for each k; what sticks out is zero.
  static void pack_a_panel(const Product& p, Index k, Index depth, Range rows, Scalar* panel) {
    const Scalar* from = p.a.data + rows.first * p.a.row_stride + k * p.a.col_stride;
    if (p.a.row_stride == 1) return copy_columns(from, p.a.col_stride, rows.count, depth, panel);
    const Index width = round_up(rows.count, lanes);
    for (Index i = 0; i < rows.count; i += lanes) {
      const Index count = smaller(lanes, rows.count - i);
      if (p.a.col_stride == 1) {
        copy_transposed(from + i * p.a.row_stride, p.a.row_stride, count, depth, panel + i, width);
      } else {
        copy_elements(from + i * p.a.row_stride, p.a, count, depth, panel + i, width);
      }
    }
  }

  static void copy_columns(const Scalar* from, Index step, Index rows, Index depth, Scalar* to) {
    const Index rest = rows % lanes;
    const Index whole = rows - rest;
    for (Index q = 0; q < depth; ++q, from += step, to += round_up(rows, lanes)) {
      for (Index i = 0; i < whole; i += lanes)
        Whole<Machine>{}.store(Whole<Machine>{}.load(from + i), to + i);
      if (rest != 0) Whole<Machine>{}.store(First<Machine>{rest}.load(from + whole), to + whole);
    }
  }

  static void copy_transposed(const Scalar* from, Index step, Index rows, Index depth, Scalar* to,
                              Index width) {
    for (Index q = 0; q < depth; q += lanes) {
      const Index count = smaller(lanes, depth - q);
      Square<Machine> columns;
      load_columns<Machine>(from + q, step, rows, count, columns);
#pragma GCC unroll 16
      for (Index i = 0; i < lanes; ++i) {
        if (i == count) break;
        Whole<Machine>{}.store(columns[i], to + (q + i) * width);
      }
    }
  }

  static void copy_elements(const Scalar* from, const Strided& a, Index rows, Index depth, Scalar* to,
                            Index width) {
    for (Index q = 0; q < depth; ++q) {
      for (Index i = 0; i < lanes; ++i)
        to[q * width + i] = i < rows ? from[i * a.row_stride + q * a.col_stride] : Scalar{0};
    }
  }

  // Panels of tile_cols columns of b, those of one k side by side; the last one is as narrow as it comes.
  static void pack_b_panels(const Product& p, Index k, Index depth, Range cols, Scalar* panels) {
    for (Index j = 0; j < cols.count; j += tile_cols) {
      const Index width = smaller(tile_cols, cols.count - j);
      const Scalar* from = p.b.data + k * p.b.row_stride + (cols.first + j) * p.b.col_stride;
      Scalar* const panel = panels + j * depth;
      if (p.b.col_stride == 1 && width == tile_cols) {
        for (Index q = 0; q < depth; ++q)
          __builtin_memcpy(panel + q * tile_cols, from + q * p.b.row_stride, tile_cols * sizeof(Scalar));
        continue;
      }
      for (Index q = 0; q < depth; ++q) {
        for (Index i = 0; i < width; ++i)
          panel[q * width + i] = from[q * p.b.row_stride + i * p.b.col_stride];
      }
    }
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
