// The version of the library that a program is linked with.
#pragma once

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// "MAJOR.MINOR.PATCH", as in the project's CMakeLists.txt.
[[nodiscard]] const char* version();

}  // namespace SOAP_ABI
}  // namespace soap
