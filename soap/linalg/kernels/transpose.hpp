// Transposition in registers.
#pragma once

#include <cstdint>
#include <type_traits>

#include "soap/linalg/kernels/vector.hpp"

namespace soap::inline SOAP_ABI {

/// As many vectors as a vector has lanes.
template <class Machine>
using Square = Vector<Machine>[lanes_of<Machine>];

template <class Machine>
struct LaneNumbersOf {
  using Lane = std::conditional_t<sizeof(Scalar) == sizeof(std::int32_t), std::int32_t, std::int64_t>;
  using Type [[gnu::vector_size(Machine::vector_bytes)]] = Lane;
};

/// Swaps the blocks of `size` lanes that lie off the diagonal of each square of 2·size vectors and lanes;
/// done for size = 1, 2, 4, ... it transposes (Eklundh, 1972).
template <class Machine, Index size = 1>
[[gnu::always_inline]] inline void transpose(Square<Machine>& square) {
  constexpr Index lanes = lanes_of<Machine>;
  if constexpr (size < lanes) {
    using Lane = typename LaneNumbersOf<Machine>::Lane;
    typename LaneNumbersOf<Machine>::Type low;
    typename LaneNumbersOf<Machine>::Type high;
    for (Index i = 0; i < lanes; ++i) {
      low[i] = static_cast<Lane>((i & size) == 0 ? i : i - size + lanes);
      high[i] = static_cast<Lane>((i & size) == 0 ? i + size : i + lanes);
    }
#pragma GCC unroll 16
    for (Index r = 0; r < lanes; ++r) {
      if ((r & size) != 0) continue;
      const Vector<Machine> a = square[r];
      const Vector<Machine> b = square[r + size];
      square[r] = __builtin_shuffle(a, b, low);
      square[r + size] = __builtin_shuffle(a, b, high);
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

}  // namespace soap::inline SOAP_ABI
