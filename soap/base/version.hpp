// The version of the library that a program is linked with.
#pragma once

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

/// "MAJOR.MINOR.PATCH", as in the project's CMakeLists.txt.
[[nodiscard]] const char* version();

}  // namespace soap::inline SOAP_ABI
