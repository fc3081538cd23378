// How many threads the library's loops use, and threads that work side by side.
#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "soap/base/function_ref.hpp"
#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

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

/// Calls body(part) for part = 0 ... parts - 1, a thread each; on one thread where the system gives no more.
void parallel_parts(Index parts, FunctionRef<void(Index)> body);

/// Starts threads that each call `body`: `count`, or as many as the system gives. They and their loops may
/// run on every core that OpenMP may use. Where OMP_PROC_BIND, OMP_PLACES or GOMP_CPU_AFFINITY binds threads,
/// OpenMP would bind those of all these loops to the same few.
std::vector<std::thread> start_threads(std::size_t count, const std::function<void()>& body);

/// Whether the system has refused this process a thread. Loops and `start_threads` then do with fewer, which
/// takes longer and changes no result.
bool threads_were_refused();

}  // namespace SOAP_ABI
}  // namespace soap
