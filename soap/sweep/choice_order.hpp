// The values that a choice consists of, and the one order that choices have.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A part of a choice: "lr" 0.1, "optimizer" sgd, "momentum" 0.9, "schedule warmup" 100.
struct ChoiceValue {
  std::string name;
  std::string text;
  std::optional<double> number = {};  ///< where the text is one
  bool given = true;                  ///< false for a parameter that is its default
};

/// What makes a choice and its place among others, which depends on nothing but the two compared: by its
/// numbers, the learning rate and then the batch size, then by the optimizer's name and its parameters, the
/// schedule's and so on, in the order of `trial_settings`. Numbers by size, texts by the alphabet; a
/// parameter that is not given counts by its default.
class ChoiceKey {
 public:
  explicit ChoiceKey(const TrialSetting& setting);

  /// All values, in the order in which they are compared.
  [[nodiscard]] std::vector<ChoiceValue> values() const;

  friend std::strong_ordering operator<=>(const ChoiceKey& a, const ChoiceKey& b);
  friend bool operator==(const ChoiceKey& a, const ChoiceKey& b) { return a.text_ == b.text_; }

 private:
  std::vector<std::vector<ChoiceValue>> parts_;  // a name and its parameters in each
  std::string text_;
};

}  // namespace SOAP_ABI
}  // namespace soap
