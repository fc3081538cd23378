// Checks of options, which throw std::invalid_argument: "WHO: NAME is VALUE, expected ...".
#pragma once

#include <cstdint>
#include <string_view>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

void check_integer(std::string_view who, std::string_view name, std::int64_t value, std::int64_t least);
/// Finite, and at least `least`.
void check_number(std::string_view who, std::string_view name, double value, double least);
/// Finite, and above 0.
void check_positive(std::string_view who, std::string_view name, double value);

}  // namespace SOAP_ABI
}  // namespace soap
