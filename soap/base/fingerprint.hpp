// Telling whether bytes are still those that they were.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// 64 bits that depend on every byte and its place; `start` chains one call to the next. Bytes of the same
/// number that differ within one group of eight always have different fingerprints. It finds accidents, not
/// forgeries.
std::uint64_t fingerprint(std::string_view bytes, std::uint64_t start = 0);

/// In 16 digits, as in "00c0ffee00c0ffee".
std::string to_hex(std::uint64_t value);

}  // namespace SOAP_ABI
}  // namespace soap
