#include "soap/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "soap/base/foreign_text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Levenshtein distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row[b.size()];
}

template <class Number>
Number parse(std::string_view what, std::string_view text, std::string_view expected) {
  Number value{};
  const std::string_view digits = without_plus(text);
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end) {
    throw std::invalid_argument(std::string(what) + ": found '" + std::string(text) + "', expected " +
                                std::string(expected));
  }
  return value;
}

}  // namespace

std::vector<std::string> nearest_names(std::string_view word, std::span<const std::string> names,
                                       std::size_t most) {
  std::vector<std::string> sorted(names.begin(), names.end());
  std::stable_sort(sorted.begin(), sorted.end(), [&](const std::string& a, const std::string& b) {
    return edit_distance(word, a) < edit_distance(word, b);
  });
  sorted.resize(std::min(most, sorted.size()));
  return sorted;
}

std::string unknown_name(std::string_view kind, std::string_view word, std::span<const std::string> names) {
  std::string text = "unknown " + std::string(kind) + " '" + std::string(word) + "'";
  if (!names.empty()) text += " (nearest: " + join(nearest_names(word, names), ", ") + ")";
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (&part != parts.data()) text += separator;
    text += part;
  }
  return text;
}

namespace {

template <class Number>
std::string shortest(Number value) {
  // The sign of a NaN says nothing, and differs from processor to processor.
  if (std::isnan(value)) return "nan";
  std::array<char, 32> buffer{};
  // People write 0.0001, not 1e-04; far from 1 the exponent is what they can read.
  const double size = std::abs(value);
  const bool near_one = size == 0 || (size >= 1e-6 && size < 1e15);
  const auto format = near_one ? std::chars_format::fixed : std::chars_format::scientific;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
  return {buffer.data(), result.ptr};
}

}  // namespace

std::string to_text(double value) { return shortest(value); }

std::string scalar_text(Scalar value) { return shortest(value); }

std::string least_scalar() { return scalar_text(std::numeric_limits<Scalar>::denorm_min()); }

std::string fixed(double value, int digits) {
  std::array<char, 400> buffer{};  // the largest double has 309 digits before the point
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                    std::chars_format::fixed, std::min(digits, 60));
  return {buffer.data(), result.ptr};
}

std::string with_thousands(std::int64_t count) {
  std::string text = std::to_string(count);
  const std::ptrdiff_t first_digit = count < 0 ? 1 : 0;
  for (auto at = std::ssize(text) - 3; at > first_digit; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

double parse_number(std::string_view what, std::string_view text) {
  return parse<double>(what, text, "a number");
}

std::int64_t parse_integer(std::string_view what, std::string_view text) {
  return parse<std::int64_t>(what, text, "an integer");
}

}  // namespace SOAP_ABI
}  // namespace soap
