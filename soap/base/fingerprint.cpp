#include "soap/base/fingerprint.hpp"

#include <bit>
#include <cstring>

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Spreads each bit over all of them, by steps that can be undone (SplitMix64's; Steele, Lea and Flood, 2014).
std::uint64_t mixed(std::uint64_t word) {
  word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9U;
  word = (word ^ (word >> 27U)) * 0x94d049bb133111ebU;
  return word ^ (word >> 31U);
}

}  // namespace

std::uint64_t fingerprint(std::string_view bytes, std::uint64_t start) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;
  std::uint64_t value = mixed(start + odd) ^ (bytes.size() * odd);
  constexpr std::size_t word_size = sizeof(std::uint64_t);
  while (!bytes.empty()) {
    const std::size_t count = bytes.size() < word_size ? bytes.size() : word_size;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), count);
    value = std::rotl(value ^ mixed(word), 27) * odd;
    bytes.remove_prefix(count);
  }
  return mixed(value);
}

std::string to_hex(std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; value >>= 4U) text[i] = digits[value & 15U];
  return text;
}

}  // namespace SOAP_ABI
}  // namespace soap
