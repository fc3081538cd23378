// How many threads the library's loops use.
#pragma once

#include "soap/base/function_ref.hpp"
#include "soap/linalg/matrix.hpp"

namespace soap::inline SOAP_ABI {

/// Threads for the library's parallel loops that are started by the calling thread. The default is OpenMP's:
/// OMP_NUM_THREADS, else the cores this process may run on. Throws std::invalid_argument when count < 1.
void set_threads(int count);

/// The number that a parallel loop started here would use: 1 inside a parallel region.
int usable_threads();

/// Calls body(i) for i = 0 ... count - 1, on several threads when `work`, the number of scalar operations in
/// all, is worth it. The calls must not depend on each other.
void parallel_for(Index count, Index work, FunctionRef<void(Index)> body);

/// Calls body(first, size) for ranges that together are 0 ... count - 1, one for each thread, otherwise as
/// `parallel_for`.
void parallel_ranges(Index count, Index work, FunctionRef<void(Index first, Index size)> body);

}  // namespace soap::inline SOAP_ABI
