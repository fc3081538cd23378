// The loops of the instruction set in use.
#pragma once

#include "soap/linalg/kernels/table.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Those of `instruction_set()`, and its errors.
const Kernels& kernels();

}  // namespace SOAP_ABI
}  // namespace soap
