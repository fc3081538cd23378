#include "soap/base/registry.hpp"

#include <algorithm>
#include <stdexcept>

#include "soap/base/foreign_text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr std::string_view used_by_texts = ":=,/";

bool may_stand_in_a_name(char c) {
  return c > ' ' && c <= '~' && used_by_texts.find(c) == std::string_view::npos;
}

}  // namespace

void check_name(std::string_view kind, std::string_view name) {
  const std::string start = std::string(kind) + " name " + in_quotes(name) + ": ";
  if (name == help_word) throw std::invalid_argument(start + "expected a name that does not ask for help");
  if (name.empty() || !std::all_of(name.begin(), name.end(), may_stand_in_a_name))
    throw std::invalid_argument(start + "expected visible ASCII characters, without : = , /");
}

void refuse_taken_name(std::string_view kind, std::string_view name, std::string_view owner) {
  std::string sentence = std::string(kind).append(" name '").append(name).append("' is taken");
  if (!owner.empty()) sentence.append(" by ").append(owner);
  throw std::invalid_argument(sentence);
}

}  // namespace SOAP_ABI
}  // namespace soap
