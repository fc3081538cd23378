#include "soap/base/fingerprint.hpp"

#include <set>

#include <doctest/doctest.h>

using soap::fingerprint;
using soap::to_hex;

TEST_CASE("each byte, its place, the number of bytes and the start change the fingerprint") {
  const std::string text = "twenty-one characters";
  std::set<std::uint64_t> found = {fingerprint(text),
                                   fingerprint(text, 1),
                                   fingerprint(""),
                                   fingerprint(std::string(1, '\0')),
                                   fingerprint(std::string(8, '\0')),
                                   fingerprint(std::string(16, '\0'))};
  CHECK(found.size() == 6);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string other = text;
      other[i] = static_cast<char>(other[i] ^ (1 << bit));
      CHECK(found.insert(fingerprint(other)).second);
    }
  }
  std::string swapped = text;
  std::swap(swapped[2], swapped[12]);
  CHECK(found.insert(fingerprint(swapped)).second);
  CHECK(fingerprint(text) == fingerprint(text));
}

TEST_CASE("hexadecimal has 16 digits") {
  CHECK(to_hex(0) == "0000000000000000");
  CHECK(to_hex(0x00c0ffee12345678U) == "00c0ffee12345678");
  CHECK(to_hex(~std::uint64_t{0}) == "ffffffffffffffff");
}
