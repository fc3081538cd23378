#include "soap/trial/memory.hpp"

#include <limits>
#include <unistd.h>

namespace soap {
inline namespace SOAP_ABI {

double trial_memory(const TrialOptions& options, Index inputs, Index outputs) {
  double weights = 0;
  auto below = static_cast<double>(inputs);
  for (const Index size : options.hidden) {
    weights += below * static_cast<double>(size);
    below = static_cast<double>(size);
  }
  weights += below * static_cast<double>(outputs);
  // The instruments keep the weights, their change and the gradient.
  const double copies = options.diagnostics_interval == 0 ? 2 : 5;
  return copies * weights * sizeof(Scalar);
}

double machine_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(pages) * static_cast<double>(page);
}

}  // namespace SOAP_ABI
}  // namespace soap
