#include "soap/base/host_name.hpp"

#include <unistd.h>

namespace soap {
inline namespace SOAP_ABI {

std::string host_name() {
  std::string name(256, '\0');
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  name.resize(name.find('\0'));
  return name;
}

std::string this_process() { return host_name().append(" ").append(std::to_string(::getpid())); }

}  // namespace SOAP_ABI
}  // namespace soap
