#include "soap/sweep/choice_names.hpp"

#include <cstddef>

#include "soap/base/text.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

std::vector<std::string> ChoiceNames::parts_of(const TrialOptions& options) const {
  std::vector<std::string> parts;
  for_each_setting(trial_settings, chosen_roles, [&](const Setting<TrialOptions>& row) {
    parts.push_back(row.is_named(options) ? spelling_(row.words(options)) : std::string());
  });
  return parts;
}

ChoiceNames::ChoiceNames(const std::vector<TrialSetting>& settings, Spelling spelling) : spelling_(spelling) {
  if (settings.empty()) return;
  first_ = parts_of(settings.front().options);
  differs_.resize(first_.size());
  differs_.front() = true;  // the learning rate is always told
  for (const TrialSetting& setting : settings) {
    const auto parts = parts_of(setting.options);
    for (std::size_t i = 0; i < parts.size(); ++i) differs_[i] = differs_[i] || parts[i] != first_[i];
  }
}

std::string ChoiceNames::name(const TrialSetting& setting) const {
  const std::vector<std::string> parts = parts_of(setting.options);
  std::vector<std::string> told;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (differs_[i] && !parts[i].empty()) told.push_back(parts[i]);
  }
  return join(told, ", ");
}

std::string ChoiceNames::common() const {
  std::vector<std::string> alike;
  for (std::size_t i = 0; i < first_.size(); ++i) {
    if (!differs_[i] && !first_[i].empty()) alike.push_back(first_[i]);
  }
  return join(alike, ", ");
}

}  // namespace SOAP_ABI
}  // namespace soap
