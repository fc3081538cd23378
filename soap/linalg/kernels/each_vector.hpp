// The loop over numbers side by side.
#pragma once

#include "soap/linalg/kernels/vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Calls step(i, extent) for a vector at a time, where i is its first element and `extent` loads and stores
/// it.
template <class Machine, class Step>
[[gnu::always_inline]] inline void each_vector(Index count, Step step) {
  constexpr Index lanes = lanes_of<Machine>;
  Index i = 0;
  for (; i + lanes <= count; i += lanes) step(i, Whole<Machine>{});
  if (i < count) step(i, First<Machine>{count - i});
}

}  // namespace SOAP_ABI
}  // namespace soap
