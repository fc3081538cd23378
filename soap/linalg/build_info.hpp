// What a program that uses the library runs on.
#pragma once

#include <string>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// One line for reports: version, scalar type, compiler, Eigen, OpenMP, and the instruction set in use among
/// those that this processor has. Throws std::invalid_argument when SOAP_ISA names none of them.
std::string build_info();

/// The version of Eigen that the library was compiled with, "3.4.0".
std::string eigen_version();

}  // namespace SOAP_ABI
}  // namespace soap
