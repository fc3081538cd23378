#include "soap/linalg/state.hpp"

#include <stdexcept>

namespace soap {
inline namespace SOAP_ABI {

void StateVisitor::flag(std::string_view name, bool& value) {
  std::int64_t count = value ? 1 : 0;
  counter(name, count);
  if (count != 0 && count != 1) {
    throw std::invalid_argument(std::string(name) + ": found " + std::to_string(count) + ", expected 0 or 1");
  }
  value = count == 1;
}

}  // namespace SOAP_ABI
}  // namespace soap
