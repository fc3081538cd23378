// Vectors of scalars as the compiler's own types. A Machine is a struct that each instruction set's file
// defines in its unnamed namespace, so that what is made from it stays in that file.
#pragma once

#include "soap/linalg/kernels/table.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
inline constexpr Index lanes_of = Machine::vector_bytes / sizeof(Scalar);

template <class Machine>
struct VectorOf {
  using Type [[gnu::vector_size(Machine::vector_bytes)]] = Scalar;
};
template <class Machine>
using Vector = typename VectorOf<Machine>::Type;

/// A 32-bit word for each scalar.
template <class Machine>
struct WordsOf {
  using Unsigned [[gnu::vector_size(4 * lanes_of<Machine>)]] = std::uint32_t;
  using Signed [[gnu::vector_size(4 * lanes_of<Machine>)]] = std::int32_t;
};

/// How much of a vector there is in memory: all of it, or the first elements alone. Loads fill up with zeros.
template <class Machine>
struct Whole {
  [[gnu::always_inline]] Vector<Machine> load(const Scalar* from) const {
    Vector<Machine> v;
    __builtin_memcpy(&v, from, sizeof v);
    return v;
  }
  [[gnu::always_inline]] void store(Vector<Machine> v, Scalar* to) const {
    __builtin_memcpy(to, &v, sizeof v);
  }
};
template <class Machine>
struct First {
  Index count;
  [[gnu::always_inline]] Vector<Machine> load(const Scalar* from) const {
    return Machine::load_first(count, from);
  }
  [[gnu::always_inline]] void store(Vector<Machine> v, Scalar* to) const {
    Machine::store_first(count, v, to);
  }
};

[[gnu::always_inline]] constexpr Index smaller(Index a, Index b) { return a < b ? a : b; }
[[gnu::always_inline]] constexpr Index divide_up(Index a, Index b) { return (a + b - 1) / b; }
[[gnu::always_inline]] constexpr Index round_up(Index a, Index b) { return divide_up(a, b) * b; }

}  // namespace SOAP_ABI
}  // namespace soap
