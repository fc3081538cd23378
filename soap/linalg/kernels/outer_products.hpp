// Sums of a few outer products, added to a matrix: what an update at batch size 1 is.
#pragma once

#include "soap/linalg/kernels/vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline constexpr Index most_outer_products = 4;

template <class Machine, Index k, Index cols, class Extent>
[[gnu::always_inline]] inline void add_to_block(const Product& p, Index row, Index col, Extent extent) {
  using V = Vector<Machine>;
  const V alpha = Machine::broadcast(p.alpha);
  const V beta = Machine::broadcast(p.beta);
  V result[cols];
#pragma GCC unroll 16
  for (Index j = 0; j < cols; ++j) {
    const auto factor = [&](Index q) __attribute__((always_inline)) {
      return Machine::broadcast(p.b.data[q * p.b.row_stride + (col + j) * p.b.col_stride]);
    };
    V sum{};
    for (Index q = 0; q < k; ++q)
      sum = Machine::multiply_add(extent.load(p.a.data + row + q * p.a.col_stride), factor(q), sum);
    result[j] = Machine::multiply_add(sum, alpha, extent.load(p.c + row + (col + j) * p.c_stride) * beta);
  }
  // All columns are read before any is written: a masked load would wait for a masked store to the bytes
  // beside it, those of the column before.
#pragma GCC unroll 16
  for (Index j = 0; j < cols; ++j) extent.store(result[j], p.c + row + (col + j) * p.c_stride);
}

template <class Machine, Index k, Index cols>
[[gnu::always_inline]] inline void add_to_columns(const Product& p, Index col) {
  constexpr Index lanes = lanes_of<Machine>;
  const Index rest = p.m % lanes;
  const Index whole = p.m - rest;
  for (Index i = 0; i < whole; i += lanes) add_to_block<Machine, k, cols>(p, i, col, Whole<Machine>{});
  if (rest != 0) add_to_block<Machine, k, cols>(p, whole, col, First<Machine>{rest});
}

template <class Machine, Index k>
void add_outer_products(const Product& product) {
  const Product p = product;  // a copy that nothing else points to stays in registers
  // As many columns at a time as the processor follows well.
  constexpr Index group = 4;
  Index j = 0;
  for (; j + group <= p.n; j += group) add_to_columns<Machine, k, group>(p, j);
  for (; j < p.n; ++j) add_to_columns<Machine, k, 1>(p, j);
}

/// c = alpha·a·b + beta·c with k <= most_outer_products, a.row_stride = 1 and beta not 0.
template <class Machine>
void add_outer_products(const Product& p) {
  static constexpr void (*kernels[most_outer_products])(const Product&) = {
      add_outer_products<Machine, 1>, add_outer_products<Machine, 2>, add_outer_products<Machine, 3>,
      add_outer_products<Machine, 4>};
  kernels[p.k - 1](p);
}

}  // namespace SOAP_ABI
}  // namespace soap
