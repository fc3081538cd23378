#include "soap/linalg/threads.hpp"

#include <omp.h>
#include <stdexcept>
#include <string>

namespace soap::inline SOAP_ABI {

void set_threads(int count) {
  if (count < 1) {
    throw std::invalid_argument("threads: found " + std::to_string(count) + ", expected at least 1");
  }
  omp_set_num_threads(count);
}

int usable_threads() { return omp_in_parallel() != 0 ? 1 : omp_get_max_threads(); }

void parallel_for(Index count, Index work, FunctionRef<void(Index)> body) {
  // Below this, waking other threads costs more than it saves.
  constexpr Index threshold = 4096;
  const int threads = work < threshold ? 1 : usable_threads();
  if (threads == 1) {
    for (Index i = 0; i < count; ++i) body(i);
    return;
  }
#pragma omp parallel for num_threads(threads)
  for (Index i = 0; i < count; ++i) body(i);
}

}  // namespace soap::inline SOAP_ABI
