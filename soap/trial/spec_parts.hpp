// The parts of a text such as "sgd:momentum=0.9", whoever wrote it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct SpecPart {
  std::string key;
  std::string value;

  friend bool operator==(const SpecPart&, const SpecPart&) = default;
};

/// A text taken apart, whether Spec would take it or not: results may come from other programs.
struct SpecParts {
  explicit SpecParts(std::string_view text);

  /// The parameter's value; nullptr where it is not given.
  [[nodiscard]] const std::string* find(std::string_view key) const;

  std::string name;
  std::vector<SpecPart> parameters = {};  ///< in their order
};

/// The text as `complete` has it, with all parameters; itself where that throws or is nullptr.
std::string complete_where_known(std::string (*complete)(std::string_view), const std::string& text);

}  // namespace SOAP_ABI
}  // namespace soap
