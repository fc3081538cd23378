#include "soap/experiment/grid.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

constexpr std::int64_t most_values = 10'000;

// To 3 digits, so that values have names that people can type.
double rounded(double value) {
  if (value == 0) return 0;
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 2);
  // Through text, which has no trace of the unit's own rounding.
  return parse_number("value", fixed(std::round(value / unit) * unit, 15));
}

[[noreturn]] void refuse(const std::string& flag, std::string_view text, const std::string& expected) {
  throw std::invalid_argument(flag + ": found '" + std::string(text) + "', expected " + expected);
}

std::vector<std::string> range(const std::string& flag, std::string_view text) {
  const auto parts = split(text, ':');
  const bool logarithmic = parts.front() == "log";
  const std::string form = parts.front() + ":FIRST:LAST:COUNT";
  if (parts.size() != 4) refuse(flag, text, form);
  const double first = parse_number(flag, parts[1]);
  const double last = parse_number(flag, parts[2]);
  const std::int64_t count = parse_integer(flag, parts[3]);
  const bool in_order = std::isfinite(first) && std::isfinite(last) && first < last;
  if (!in_order || (logarithmic && first <= 0) || count < 2 || count > most_values) {
    refuse(flag, text,
           form + std::string(" with FIRST below LAST") + (logarithmic ? ", both above 0," : "") +
               " and a COUNT of at least 2");
  }
  std::vector<std::string> values;
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    const double value = logarithmic ? first * std::pow(last / first, share) : first + (last - first) * share;
    values.push_back(to_text(rounded(value)));
  }
  return values;
}

}  // namespace

std::vector<std::string> parse_values(const std::string& flag, std::string_view text) {
  const bool is_range = text.starts_with("log:") || text.starts_with("lin:");
  std::vector<std::string> values = is_range ? range(flag, text) : split(text, ',');
  for (const std::string& value : values) {
    if (std::count(values.begin(), values.end(), value) > 1)
      throw std::invalid_argument(flag + ": found '" + value + "' twice");
  }
  return values;
}

double below_grid(const std::vector<double>& ascending) {
  return rounded(ascending[0] * ascending[0] / ascending[1]);
}

double above_grid(const std::vector<double>& ascending) {
  const std::size_t n = ascending.size();
  return rounded(ascending[n - 1] * ascending[n - 1] / ascending[n - 2]);
}

}  // namespace soap::inline SOAP_ABI
