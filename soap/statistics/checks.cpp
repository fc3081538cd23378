#include "soap/statistics/checks.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "soap/base/text.hpp"

namespace soap::detail {

namespace {

[[noreturn]] void refuse(std::string_view who, const std::string& found, const char* expected) {
  throw std::invalid_argument(std::string(who) + ": found " + found + ", expected " + expected);
}

std::string named(std::string_view name, double value) { return std::string(name) + ' ' + to_text(value); }

}  // namespace

void check_share(std::string_view who, std::string_view name, double share) {
  if (!(share > 0 && share < 1)) refuse(who, named(name, share), "one between 0 and 1");
}

void check_finite(std::string_view who, std::string_view name, std::span<const double> values) {
  for (const double value : values)
    if (!std::isfinite(value)) refuse(who, named(name, value), "finite ones");
}

void check_numbers(std::string_view who, std::string_view name, std::span<const double> values) {
  for (const double value : values)
    if (std::isnan(value)) refuse(who, named(name, value), "numbers");
}

void check_degrees(std::string_view who, double degrees) {
  if (!(degrees >= 1)) refuse(who, to_text(degrees) + " degrees of freedom", "at least 1");
}

}  // namespace soap::detail
