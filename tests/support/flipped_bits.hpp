// What a program makes of a file in which one bit is another.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace test {

/// How many of all single flipped bits of these bytes `is_taken` takes.
inline std::size_t flipped_bits_taken(const std::string& bytes,
                                      const std::function<bool(const std::string&)>& is_taken) {
  std::size_t taken = 0;
  std::string flipped = bytes;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    char& byte = flipped[bit / 8];
    const char before = byte;
    byte = static_cast<char>(static_cast<unsigned char>(before) ^ 1U << bit % 8);
    taken += is_taken(flipped) ? 1 : 0;
    byte = before;
  }
  return taken;
}

}  // namespace test
