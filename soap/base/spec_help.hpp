// Words about the texts that a Spec reads, for people who ask for them with "help".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/spec.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A name that a text may begin with.
struct SpecName {
  std::string name;
  std::string meaning;              ///< in a few words; may be empty
  std::function<void(Spec&)> take;  ///< takes the parameters, as whoever makes the named thing does
};

/// What a text asks for: "help" all names with their parameters, a line each, and "sign:help", whatever
/// stands between, the parameters of that name: their fallbacks, values and meanings. Nothing for other
/// texts. `kind` is the word for such a name, such as "rule". Ends with a line break. Throws
/// std::invalid_argument, with the nearest names, for one that is unknown.
std::optional<std::string> spec_help(const std::string& kind, const std::vector<SpecName>& names,
                                     std::string_view text);

/// The word that asks; nothing else may have it as its name.
inline constexpr std::string_view help_word = "help";

}  // namespace SOAP_ABI
}  // namespace soap
