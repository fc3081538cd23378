#include "soap/linalg/threads.hpp"

#include <algorithm>
#include <omp.h>
#include <stdexcept>
#include <string>

#include "soap/linalg/kernels/kernels.hpp"

namespace soap::inline SOAP_ABI {

void set_threads(int count) {
  if (count < 1) {
    throw std::invalid_argument("threads: found " + std::to_string(count) + ", expected at least 1");
  }
  omp_set_num_threads(count);
}

int usable_threads() { return omp_in_parallel() != 0 ? 1 : omp_get_max_threads(); }

namespace {

int threads_for(Index work) {
  // Below this, waking other threads costs more than it saves.
  constexpr Index threshold = 4096;
  if (work < threshold) return 1;
  // The bodies use the kernels. Their choice may throw, which must not happen on another thread.
  (void)kernels();
  return usable_threads();
}

}  // namespace

void parallel_for(Index count, Index work, FunctionRef<void(Index)> body) {
  const int threads = threads_for(work);
  if (threads == 1) {
    for (Index i = 0; i < count; ++i) body(i);
    return;
  }
#pragma omp parallel for num_threads(threads)
  for (Index i = 0; i < count; ++i) body(i);
}

void parallel_ranges(Index count, Index work, FunctionRef<void(Index first, Index size)> body) {
  if (count == 0) return;
  const Index ranges = std::min<Index>(threads_for(work), count);
  const auto start = [&](Index range) { return count * range / ranges; };
  if (ranges == 1) return body(0, count);
#pragma omp parallel for num_threads(static_cast <int>(ranges)) schedule(static, 1)
  for (Index i = 0; i < ranges; ++i) body(start(i), start(i + 1) - start(i));
}

}  // namespace soap::inline SOAP_ABI
