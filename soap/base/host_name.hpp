#pragma once

#include <string>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// This machine's name.
std::string host_name();

/// "HOST PID": this process among those of all machines.
std::string this_process();

}  // namespace SOAP_ABI
}  // namespace soap
