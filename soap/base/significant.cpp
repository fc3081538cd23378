#include "soap/base/significant.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr int most_zeros_in_front = 4;  // 0.0002513
constexpr int most_digits = 6;          // before the point

std::string scientific(double value, int digits) {
  std::array<char, 80> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific, std::clamp(digits - 1, 0, 60));
  return {buffer.data(), end.ptr};
}

// The power of ten of the first digit, after rounding to so many digits.
int exponent_of(double value, int digits) {
  if (value == 0) return 0;
  const std::string text = scientific(value, digits);
  return std::stoi(text.substr(text.find('e') + 1));
}

bool reads_well(int exponent) { return exponent >= -most_zeros_in_front && exponent < most_digits; }

}  // namespace

std::string significant(double value, int digits) {
  if (!std::isfinite(value)) return to_text(value);
  const int exponent = exponent_of(value, digits);
  return reads_well(exponent) ? fixed(value, std::max(digits - 1 - exponent, 0)) : scientific(value, digits);
}

std::string significant_with_spread(double value, double spread, int digits) {
  if (!std::isfinite(value) || !std::isfinite(spread))
    return significant(value, digits) + " \u00B1 " + significant(spread, digits);
  const int exponent = exponent_of(std::max(std::abs(value), std::abs(spread)), digits);
  if (!reads_well(exponent)) return scientific(value, digits) + " \u00B1 " + scientific(spread, 2);
  const int places = std::max(digits - 1 - exponent, 0);
  return fixed(value, places) + " \u00B1 " + fixed(spread, places);
}

}  // namespace SOAP_ABI
}  // namespace soap
