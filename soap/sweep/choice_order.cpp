#include "soap/sweep/choice_order.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/trial/spec_parts.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::optional<double> number_in(const std::string& text) {
  try {
    return parse_number("value", text);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

std::weak_ordering compare(const ChoiceValue& a, const ChoiceValue& b) {
  if (const auto names = a.name <=> b.name; names != 0) return names;
  if (a.number && b.number) return std::weak_order(*a.number, *b.number);
  if (a.number.has_value() != b.number.has_value())
    return a.number ? std::weak_ordering::less : std::weak_ordering::greater;
  return a.text <=> b.text;
}

// "sgd:weight_decay=0.1:momentum=0.9": the name, then the parameters by the alphabet. With all of them, so
// that those that are not given count by their defaults. Known by their own names, or with that of their
// setting.
std::vector<ChoiceValue> parts_of(const Setting<TrialOptions>& row, const TrialOptions& options) {
  const std::string kind = name_of(row);
  const std::string text = row.text(options);
  const SpecParts given(text);
  const SpecParts all(complete_where_known(row.names.complete, text));
  std::vector<ChoiceValue> values;
  values.reserve(all.parameters.size() + 1);
  for (const SpecPart& part : all.parameters) {
    std::string name = part.key;
    std::replace(name.begin(), name.end(), '_', ' ');
    values.push_back({.name = row.parameters.empty() ? std::string(kind).append(" ").append(name) : name,
                      .text = part.value,
                      .number = number_in(part.value),
                      .given = std::find(given.parameters.begin(), given.parameters.end(), part) !=
                               given.parameters.end()});
  }
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return compare(a, b) < 0; });
  values.insert(values.begin(), {.name = kind, .text = all.name, .given = row.is_named(options)});
  return values;
}

}  // namespace

ChoiceKey::ChoiceKey(const TrialSetting& setting) : text_(choice_of(setting)) {
  for (const bool numbers : {true, false}) {
    for_each_setting(trial_settings, chosen_roles, [&](const Setting<TrialOptions>& row) {
      if (row.is_number() != numbers) return;
      if (!numbers) {
        parts_.push_back(parts_of(row, setting.options));
        return;
      }
      const std::string text = row.text(setting.options);
      parts_.push_back({{.name = name_of(row), .text = text, .number = number_in(text)}});
    });
  }
}

std::vector<ChoiceValue> ChoiceKey::values() const {
  std::vector<ChoiceValue> all;
  for (const auto& part : parts_) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::strong_ordering operator<=>(const ChoiceKey& a, const ChoiceKey& b) {
  for (std::size_t i = 0; i < a.parts_.size(); ++i) {
    const auto& of_a = a.parts_[i];
    const auto& of_b = b.parts_[i];
    const auto order =
        std::lexicographical_compare_three_way(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(), compare);
    if (order < 0) return std::strong_ordering::less;
    if (order > 0) return std::strong_ordering::greater;
  }
  // The same values in other words.
  return a.text_ <=> b.text_;
}

}  // namespace SOAP_ABI
}  // namespace soap
