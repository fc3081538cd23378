#include "soap/base/typed_value.hpp"

#include <stdexcept>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

[[noreturn]] void refuse_typed(const std::string& what, const std::string& text,
                               const std::string& expected) {
  throw std::invalid_argument(what + ": found '" + text + "', expected " + expected);
}

}  // namespace

std::int64_t typed_integer(const std::string& what, const std::string& text, std::int64_t least,
                           std::int64_t most) {
  const std::int64_t number = parse_integer(what, text);
  if (number < least) refuse_typed(what, text, "an integer of at least " + std::to_string(least));
  if (number > most) refuse_typed(what, text, "an integer of at most " + std::to_string(most));
  return number;
}

double typed_positive(const std::string& what, const std::string& text) {
  constexpr double most = 1e300;
  const double number = parse_number(what, text);
  if (number > most) refuse_typed(what, text, "a number above 0 and at most " + to_text(most));
  if (!(number > 0)) refuse_typed(what, text, "a number above 0");
  return number;
}

}  // namespace SOAP_ABI
}  // namespace soap
