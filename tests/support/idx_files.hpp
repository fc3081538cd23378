// Bytes of small IDX and gzip files, faulty ones included.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace test {

inline Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

inline Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

inline Bytes big_endian(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24U), static_cast<std::uint8_t>(value >> 16U),
          static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
}

inline Bytes idx_header(std::initializer_list<std::uint32_t> dimensions) {
  Bytes bytes{0, 0, 0x08, static_cast<std::uint8_t>(dimensions.size())};
  for (const std::uint32_t dimension : dimensions) bytes = bytes + big_endian(dimension);
  return bytes;
}

/// RFC 1952: one member, its data in stored (uncompressed) blocks.
inline Bytes gzip_of(const Bytes& content) {
  Bytes bytes{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
  std::uint32_t crc = ~0U;
  for (std::size_t at = 0; at < content.size() || at == 0;) {
    const std::size_t size = std::min<std::size_t>(content.size() - at, 65535);
    const bool last = at + size == content.size();
    const auto low = static_cast<std::uint8_t>(size);
    const auto high = static_cast<std::uint8_t>(size >> 8U);
    bytes = bytes + Bytes{static_cast<std::uint8_t>(last), low, high, static_cast<std::uint8_t>(~low),
                          static_cast<std::uint8_t>(~high)};
    for (const std::size_t end = at + size; at < end; ++at) {
      bytes.push_back(content[at]);
      crc ^= content[at];
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    if (last) break;
  }
  const auto little_endian = [](std::uint32_t value) {
    const Bytes reversed = big_endian(value);
    return Bytes(reversed.rbegin(), reversed.rend());
  };
  return bytes + little_endian(~crc) + little_endian(static_cast<std::uint32_t>(content.size()));
}

}  // namespace test
