#include "soap/sweep/grid.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr std::int64_t most_values = 10'000;

[[noreturn]] void refuse(const std::string& flag, std::string_view text, const std::string& expected) {
  throw std::invalid_argument(flag + ": found '" + std::string(text) + "', expected " + expected);
}

std::vector<double> range(const std::string& flag, std::string_view text) {
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
  // Where a value between is 0, rounding would leave a trace of its terms.
  const double least = 1e-12 * std::max(std::abs(first), std::abs(last));
  std::vector<double> values = {first};
  for (std::int64_t i = 1; i + 1 < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    if (logarithmic) {
      // Of powers, because the ratio of the ends may be too large for a number.
      values.push_back(to_three_digits(std::pow(first, 1 - share) * std::pow(last, share)));
    } else {
      const double value = first * (1 - share) + last * share;
      values.push_back(std::abs(value) < least ? 0 : to_three_digits(value));
    }
  }
  values.push_back(last);
  if (std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) != values.end())
    refuse(flag, text, "values whose first 3 digits differ");
  return values;
}

void check_ascending(const std::vector<double>& numbers) {
  if (numbers.size() < 2) {
    throw std::invalid_argument("grid: found " + std::to_string(numbers.size()) +
                                " numbers, expected two or more to go on from");
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] > (i == 0 ? 0 : numbers[i - 1])) continue;
    throw std::invalid_argument("grid: found " + to_text(numbers[i]) +
                                ", expected ascending numbers above 0");
  }
}

}  // namespace

double to_three_digits(double value) {
  std::array<char, 32> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::scientific, 2)
          .ptr;
  return parse_number("value",
                      std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

std::vector<std::string> distinct_values(const std::string& flag, std::vector<std::string> spellings,
                                         const CanonicalText& canonical) {
  std::map<std::string, std::string> spelling_of;
  for (std::string& spelling : spellings) {
    std::string value = canonical(spelling);
    const auto [same, is_new] = spelling_of.emplace(value, spelling);
    if (!is_new && same->second == spelling)
      throw std::invalid_argument(flag + ": found '" + spelling + "' twice, expected different values");
    if (!is_new) {
      throw std::invalid_argument(flag + ": found '" + same->second + "' and '" + spelling +
                                  "', which are the same, expected different values");
    }
    spelling = std::move(value);
  }
  return spellings;
}

std::vector<std::string> parse_values(const std::string& flag, std::string_view text) {
  if (!text.starts_with("log:") && !text.starts_with("lin:")) return split(text, ',');
  std::vector<std::string> texts;
  for (const double value : range(flag, text)) texts.push_back(to_text(value));
  return texts;
}

double below_grid(const std::vector<double>& ascending) {
  check_ascending(ascending);
  return to_three_digits(ascending[0] * (ascending[0] / ascending[1]));
}

double above_grid(const std::vector<double>& ascending) {
  check_ascending(ascending);
  const std::size_t n = ascending.size();
  return to_three_digits(ascending[n - 1] * (ascending[n - 1] / ascending[n - 2]));
}

}  // namespace SOAP_ABI
}  // namespace soap
