// The one switch of the library: float (target soap::soap) or double (soap::soap_f64, defines SOAP_DOUBLE).
#pragma once

#include <cstddef>

// The two builds live in different inline namespaces, so a program that mixes them fails at link time.
#ifdef SOAP_DOUBLE
#define SOAP_ABI f64
#else
#define SOAP_ABI f32
#endif

namespace soap {
inline namespace SOAP_ABI {

#ifdef SOAP_DOUBLE
using Scalar = double;
inline constexpr const char* scalar_name = "double";
#else
using Scalar = float;
inline constexpr const char* scalar_name = "float";
#endif

/// Of rows and columns; Eigen's own.
using Index = std::ptrdiff_t;

}  // namespace SOAP_ABI
}  // namespace soap
