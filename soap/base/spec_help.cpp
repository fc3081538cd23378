#include "soap/base/spec_help.hpp"

#include <algorithm>
#include <stdexcept>

#include "soap/base/terminal.hpp"
#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

struct Description {
  std::vector<SpecParameter> parameters;
  std::string refusal;  // of the name alone, where it needs a parameter
};

Description describe(const std::string& kind, const SpecName& name) {
  Spec spec = Spec::describing(kind, name.name);
  Description description;
  try {
    name.take(spec);
  } catch (const std::invalid_argument& error) {
    description.refusal = error.what();
  }
  description.parameters = spec.parameters();
  return description;
}

std::string with_fallback(const SpecParameter& parameter) {
  return parameter.key + "=" + (parameter.fallback.empty() ? "..." : parameter.fallback);
}

std::string then(const std::string& separator, const std::string& words) {
  return words.empty() ? "" : separator + words;
}

std::string all(const std::string& kind, const std::vector<SpecName>& names) {
  std::string text;
  std::string example;  // a name with parameters
  for (const SpecName& name : names) {
    text += name.name;
    for (const SpecParameter& parameter : describe(kind, name).parameters) {
      text.append(":").append(with_fallback(parameter));
      example = name.name;
    }
    text.append(then(" - ", name.meaning)).append("\n");
  }
  if (example.empty()) return text;
  return text.append("NAME:help says what the parameters of one mean, as in ")
      .append(example)
      .append(":help\n");
}

std::string one(const std::string& kind, const SpecName& name) {
  const Description description = describe(kind, name);
  std::size_t width = 0;
  for (const SpecParameter& parameter : description.parameters)
    width = std::max(width, columns_of(with_fallback(parameter)));
  std::string text = name.name + then(" - ", name.meaning) + "\n";
  if (description.parameters.empty()) text += "  takes no parameters\n";
  for (const SpecParameter& parameter : description.parameters) {
    const std::string start = with_fallback(parameter);
    text.append("  ").append(start).append(width - columns_of(start) + 2, ' ');
    text.append(parameter.values).append(then(": ", parameter.meaning)).append("\n");
  }
  if (!description.refusal.empty())
    text.append("without parameters: ").append(description.refusal).append("\n");
  return text;
}

}  // namespace

std::optional<std::string> spec_help(const std::string& kind, const std::vector<SpecName>& names,
                                     std::string_view text) {
  if (text == help_word) return all(kind, names);
  if (!text.ends_with(std::string(":").append(help_word))) return std::nullopt;
  const std::string_view asked = text.substr(0, text.find(':'));
  std::vector<std::string> known;
  known.reserve(names.size());
  for (const SpecName& name : names) {
    if (name.name == asked) return one(kind, name);
    known.push_back(name.name);
  }
  throw std::invalid_argument(unknown_name(kind, asked, known));
}

}  // namespace SOAP_ABI
}  // namespace soap
