#include "soap/base/check.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

[[noreturn]] void refuse(std::string_view who, std::string_view name, const std::string& found,
                         const std::string& expected) {
  throw std::invalid_argument(std::string(who).append(": ").append(name).append(" is ") + found +
                              ", expected " + expected);
}

}  // namespace

void check_integer(std::string_view who, std::string_view name, std::int64_t value, std::int64_t least) {
  if (value >= least) return;
  refuse(who, name, std::to_string(value), "an integer of at least " + std::to_string(least));
}

void check_number(std::string_view who, std::string_view name, double value, double least) {
  if (std::isfinite(value) && value >= least) return;
  refuse(who, name, to_text(value), "a number of at least " + to_text(least));
}

void check_positive(std::string_view who, std::string_view name, double value) {
  if (std::isfinite(value) && value > 0) return;
  refuse(who, name, to_text(value), "a number above 0");
}

}  // namespace SOAP_ABI
}  // namespace soap
