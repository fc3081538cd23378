#include "soap/experiment/choice_order.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/learn/schedule.hpp"
#include "soap/nn/optimizer.hpp"

namespace soap::inline SOAP_ABI {

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

// With all parameters, so that those that are not given count by their defaults; a text that this program
// does not know stays as it is.
template <class Complete>
std::string completed(const std::string& text, const Complete& complete) {
  try {
    return complete(text);
  } catch (const std::invalid_argument&) {
    return text;
  }
}

// "sgd:weight_decay=0.1:momentum=0.9": the name, then the parameters by the alphabet, with their kind before
// them unless it is the optimizer's, whose parameters are known by their own names.
template <class Complete>
std::vector<ChoiceValue> parts_of(const std::string& kind, const std::string& text,
                                  const Complete& complete) {
  const auto given = split(text, ':');
  const auto parts = split(completed(text, complete), ':');
  std::vector<ChoiceValue> values;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equal = std::min(parts[i].find('='), parts[i].size());
    std::string name = parts[i].substr(0, equal);
    std::replace(name.begin(), name.end(), '_', ' ');
    const std::string value = parts[i].substr(std::min(equal + 1, parts[i].size()));
    values.push_back({.name = kind == "optimizer" ? name : std::string(kind).append(" ").append(name),
                      .text = value,
                      .number = number_in(value),
                      .given = std::find(given.begin() + 1, given.end(), parts[i]) != given.end()});
  }
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return compare(a, b) < 0; });
  values.insert(values.begin(), {.name = kind, .text = parts.front()});
  return values;
}

ChoiceValue number_of(const std::string& name, double value) {
  return {.name = name, .text = to_text(value), .number = value};
}

}  // namespace

ChoiceKey::ChoiceKey(const TrialSetting& setting)
    : parts_{{number_of("lr", setting.options.lr)},
             {number_of("batch size", static_cast<double>(setting.options.batch_size)),
              {.name = "batch sizes",
               .text = to_text(setting.options.batch_sizes),
               .given = setting.options.batch_sizes != TrialOptions().batch_sizes}},
             parts_of("optimizer", setting.options.optimizer, complete_optimizer),
             parts_of("schedule", setting.options.schedule, complete_schedule),
             parts_of("init", setting.options.initializer, [](const std::string& name) { return name; })},
      text_(choice_of(setting)) {}

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

}  // namespace soap::inline SOAP_ABI
