// Transposition in registers.
#pragma once

#include <utility>

#include "soap/linalg/kernels/vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// As many vectors as a vector has lanes.
template <class Machine>
using Square = Vector<Machine>[lanes_of<Machine>];

/// Swaps the blocks of `size` lanes that lie off the diagonal of a pair of vectors.
template <class V, Index size, Index... lane>
[[gnu::always_inline]] inline void swap_blocks(V& a, V& b, std::integer_sequence<Index, lane...>) {
  constexpr Index lanes = sizeof...(lane);
  const V low = __builtin_shufflevector(a, b, ((lane & size) == 0 ? lane : lane - size + lanes)...);
  const V high = __builtin_shufflevector(a, b, ((lane & size) == 0 ? lane + size : lane + lanes)...);
  a = low;
  b = high;
}

/// Does so for each pair that is `size` apart; done for size = 1, 2, 4, ... it transposes (Eklundh, 1972).
template <class Machine, Index size = 1>
[[gnu::always_inline]] inline void transpose(Square<Machine>& square) {
  constexpr Index lanes = lanes_of<Machine>;
  if constexpr (size < lanes) {
#pragma GCC unroll 16
    for (Index r = 0; r < lanes; ++r) {
      if ((r & size) != 0) continue;
      swap_blocks<Vector<Machine>, size>(square[r], square[r + size],
                                         std::make_integer_sequence<Index, lanes>());
    }
    transpose<Machine, 2 * size>(square);
  }
}

/// Loads the columns of a block of `rows` x `cols`, both at most the lanes, whose rows are contiguous and
/// `step` apart; what the block lacks is zero.
template <class Machine>
[[gnu::always_inline]] inline void load_columns(const Scalar* from, Index step, Index rows, Index cols,
                                                Square<Machine>& columns) {
  constexpr Index lanes = lanes_of<Machine>;
  if (rows == lanes && cols == lanes) {
#pragma GCC unroll 16
    for (Index i = 0; i < lanes; ++i) columns[i] = Whole<Machine>{}.load(from + i * step);
  } else {
#pragma GCC unroll 16
    for (Index i = 0; i < lanes; ++i)
      columns[i] = i < rows ? First<Machine>{cols}.load(from + i * step) : Vector<Machine>{};
  }
  transpose<Machine>(columns);
}

}  // namespace SOAP_ABI
}  // namespace soap
