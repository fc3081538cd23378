// Sums along the rows of a matrix: the gradient of a bias.
#pragma once

#include "soap/linalg/kernels/vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine, class Extent>
[[gnu::always_inline]] inline void add_row_sums(const RowSums& s, Index row, Extent extent) {
  // The additions of one chain wait for each other, those of several do not.
  constexpr Index chains = 4;
  Vector<Machine> sums[chains] = {};
  Index j = 0;
  for (; j + chains <= s.n; j += chains) {
#pragma GCC unroll 4
    for (Index i = 0; i < chains; ++i) sums[i] += extent.load(s.a + row + (j + i) * s.a_stride);
  }
  for (; j < s.n; ++j) sums[0] += extent.load(s.a + row + j * s.a_stride);
  const Vector<Machine> sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  Vector<Machine> result = sum * Machine::broadcast(s.alpha);
  if (s.beta != 0)
    result = Machine::multiply_add(extent.load(s.target + row), Machine::broadcast(s.beta), result);
  extent.store(result, s.target + row);
}

template <class Machine>
void add_row_sums(const RowSums& s) {
  constexpr Index lanes = lanes_of<Machine>;
  Index i = 0;
  for (; i + lanes <= s.m; i += lanes) add_row_sums<Machine>(s, i, Whole<Machine>{});
  if (i < s.m) add_row_sums<Machine>(s, i, First<Machine>{s.m - i});
}

}  // namespace SOAP_ABI
}  // namespace soap
