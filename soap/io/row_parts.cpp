#include "soap/io/row_parts.hpp"

#include <cstddef>
#include <span>
#include <utility>

namespace soap {
inline namespace SOAP_ABI {

std::string RowParts::next() {
  constexpr std::size_t least = 1 << 20;
  constexpr std::size_t block = 1 << 16;
  std::string bytes = std::exchange(ahead_, {});
  std::size_t whole = 0;
  while (whole == 0 || bytes.size() < least) {
    const std::size_t seen = bytes.size();
    bytes.resize(seen + block);
    const std::size_t read = file_.read(std::span(bytes).subspan(seen));
    bytes.resize(seen + read);
    if (read == 0) {
      // The last row may have no end.
      is_last_ = true;
      return bytes;
    }
    for (std::size_t i = seen; i < bytes.size(); ++i) {
      if (ends_row(bytes[i])) whole = i + 1;
    }
  }
  ahead_ = bytes.substr(whole);
  bytes.resize(whole);
  return bytes;
}

// Of an empty line it is not the end that counts.
bool RowParts::ends_row(char byte) {
  const bool quoted = place_ == Place::quoted;
  if (byte == '"') {
    // The second of two is part of the text.
    if (quoted) {
      place_ = Place::after_quote;
    } else if (place_ != Place::plain) {
      place_ = Place::quoted;
    }
  } else if (!quoted) {
    place_ = byte == ',' || byte == '\n' ? Place::field_start : Place::plain;
  }
  if (byte != '\n' || quoted) {
    if (byte != '\r') is_empty_line_ = false;
    return false;
  }
  return !std::exchange(is_empty_line_, true);
}

}  // namespace SOAP_ABI
}  // namespace soap
