#include "soap/experiment/choice_names.hpp"

#include <cstddef>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

// All of a choice but the learning rate.
std::array<std::string, 4> ChoiceNames::parts_of(const TrialOptions& options) const {
  return {spelling_(options.optimizer), spelling_(options.schedule),
          std::string("batch ")
              .append(std::to_string(options.batch_size))
              .append(options.batch_sizes == BatchSizes::even ? "" : " ")
              .append(options.batch_sizes == BatchSizes::even ? "" : to_text(options.batch_sizes)),
          spelling_(options.initializer)};
}

ChoiceNames::ChoiceNames(const std::vector<TrialSetting>& settings, Spelling spelling) : spelling_(spelling) {
  if (settings.empty()) return;
  first_ = parts_of(settings.front().options);
  for (const TrialSetting& setting : settings) {
    const auto parts = parts_of(setting.options);
    for (std::size_t i = 0; i < parts.size(); ++i) differs_[i] = differs_[i] || parts[i] != first_[i];
  }
}

std::string ChoiceNames::name(const TrialSetting& setting) const {
  const auto parts = parts_of(setting.options);
  std::string text = std::string("lr ").append(to_text(setting.options.lr));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (differs_[i]) text.append(", ").append(parts[i]);
  }
  return text;
}

std::string ChoiceNames::common() const {
  std::string text;
  for (std::size_t i = 0; i < first_.size(); ++i) {
    if (differs_[i] || first_[i].empty()) continue;
    text.append(text.empty() ? "" : ", ").append(first_[i]);
  }
  return text;
}

}  // namespace soap::inline SOAP_ABI
