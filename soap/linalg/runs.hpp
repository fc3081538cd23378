// Loops over matrices whose columns may or may not lie side by side.
#pragma once

#include "soap/linalg/matrix.hpp"
#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Whether each column starts where the one before it ends.
inline bool gapless(ConstRef x) { return x.outerStride() == x.rows(); }

/// Calls body(col, count) for runs of `count` elements side by side that start with column `col` and together
/// are all of x: several columns at once where there are no gaps, in x or in whatever the body works on
/// beside it. Several threads take part where `work`, as in `parallel_for`, is worth it.
template <class Body>
void for_each_run(ConstRef x, bool gapless, Index work, Body body) {
  parallel_ranges(x.cols(), work, [&](Index first, Index cols) {
    if (gapless) return body(first, x.rows() * cols);
    for (Index j = first; j < first + cols; ++j) body(j, x.rows());
  });
}

}  // namespace SOAP_ABI
}  // namespace soap
