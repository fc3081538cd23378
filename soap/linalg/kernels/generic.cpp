// Compiled for every processor.
#include "soap/linalg/kernels/all.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

struct Generic {
  static constexpr Index vector_bytes = 16;
  static constexpr Index tile_vectors = 3;
  static constexpr Index tile_cols = 4;
  static constexpr Index column_vectors = 8;
  static constexpr Index block_tiles = 16;
  static constexpr Index least_cols_to_pack_a = 96;
  static constexpr Index least_rows_to_pack_b = 576;

  using V [[gnu::vector_size(vector_bytes)]] = Scalar;
  static V broadcast(Scalar value);
  static V multiply_add(V a, V b, V c) { return a * b + c; }
  static V square_root(V v);
  static V load_first(Index count, const Scalar* from);
  static void store_first(Index count, V v, Scalar* to);
};

Generic::V Generic::broadcast(Scalar value) {
#ifdef SOAP_DOUBLE
  return V{value, value};
#else
  return V{value, value, value, value};
#endif
}

// One instruction, given -fno-math-errno.
Generic::V Generic::square_root(V v) {
#ifdef SOAP_DOUBLE
  return V{__builtin_sqrt(v[0]), __builtin_sqrt(v[1])};
#else
  return V{__builtin_sqrtf(v[0]), __builtin_sqrtf(v[1]), __builtin_sqrtf(v[2]), __builtin_sqrtf(v[3])};
#endif
}

Vector<Generic> Generic::load_first(Index count, const Scalar* from) {
  Vector<Generic> v{};
  for (Index i = 0; i < count; ++i) v[i] = from[i];
  return v;
}

void Generic::store_first(Index count, Vector<Generic> v, Scalar* to) {
  for (Index i = 0; i < count; ++i) to[i] = v[i];
}

}  // namespace

extern const Kernels generic_kernels;
constinit const Kernels generic_kernels = kernels_of<Generic>("generic");

}  // namespace SOAP_ABI
}  // namespace soap
