// The processor's instruction sets, of which the library's inner loops use one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The instruction sets that this processor has and the library has loops for, narrowest first: "generic",
/// which every processor has, and on x86-64 "avx2" (with FMA) and "avx512".
std::vector<std::string> instruction_sets();

/// The one in use: the one that the environment variable SOAP_ISA names, else the widest. Results depend on
/// it in their last digits. Throws std::invalid_argument when SOAP_ISA names none of `instruction_sets()`.
std::string instruction_set();

/// Uses another one from now on; not while other threads compute. Throws std::invalid_argument as above.
void use_instruction_set(std::string_view name);

}  // namespace SOAP_ABI
}  // namespace soap
