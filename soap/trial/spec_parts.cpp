#include "soap/trial/spec_parts.hpp"

#include <algorithm>
#include <stdexcept>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

SpecParts::SpecParts(std::string_view text) {
  const std::vector<std::string> parts = split(text, ':');
  name = parts.front();
  parameters.reserve(parts.size() - 1);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equal = std::min(parts[i].find('='), parts[i].size());
    parameters.push_back({parts[i].substr(0, equal), parts[i].substr(std::min(equal + 1, parts[i].size()))});
  }
}

const std::string* SpecParts::find(std::string_view key) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const SpecPart& part) { return part.key == key; });
  return found == parameters.end() ? nullptr : &found->value;
}

std::string complete_where_known(std::string (*complete)(std::string_view), const std::string& text) {
  if (complete == nullptr) return text;
  try {
    return complete(text);
  } catch (const std::invalid_argument&) {
    return text;
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
