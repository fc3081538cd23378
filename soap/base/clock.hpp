// Time that passes, whatever is done to the time of day.
#pragma once

#include <chrono>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace SOAP_ABI
}  // namespace soap
