// Numbers as people type them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// An integer from `least` to `most`. `what` names it in messages: "--epochs". Throws std::invalid_argument.
std::int64_t typed_integer(const std::string& what, const std::string& text, std::int64_t least,
                           std::int64_t most = std::numeric_limits<std::int64_t>::max());

/// A finite number above 0. Throws std::invalid_argument.
double typed_positive(const std::string& what, const std::string& text);

}  // namespace SOAP_ABI
}  // namespace soap
