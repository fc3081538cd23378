// Short names for the choices of a sweep.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Of choices says only what differs between some of them, so that a table shows what was searched: "lr 0.1",
/// or "lr 0.1, batch 64" where there were several batch sizes.
class ChoiceNames {
 public:
  /// Makes a text harmless for where the names are shown: see foreign_text.hpp.
  using Spelling = std::string (*)(std::string_view);

  ChoiceNames(const std::vector<TrialSetting>& settings, Spelling spelling);

  /// The learning rate, and what differs.
  [[nodiscard]] std::string name(const TrialSetting& setting) const;
  /// What is the same for all: "sgd, constant, batch 50, lecun_normal"; empty without settings.
  [[nodiscard]] std::string common() const;

 private:
  // The words of each part of a choice; empty where a name does not have it.
  [[nodiscard]] std::vector<std::string> parts_of(const TrialOptions& options) const;

  Spelling spelling_;
  std::vector<std::string> first_;
  std::vector<bool> differs_;
};

}  // namespace SOAP_ABI
}  // namespace soap
