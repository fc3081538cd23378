// What a sweep compares: a rule and the step that it trains under.
#pragma once

#include <string>

#include "soap/learn/step_registry.hpp"
#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A rule and its step, made from their texts once; what they are asked for is known from then on.
class Method {
 public:
  /// From texts in any spelling. Throws std::invalid_argument where a text is not valid, and where a rule
  /// that is a step by itself is asked to run under another.
  explicit Method(const std::string& rule, const std::string& step = TrialOptions().step);
  explicit Method(const TrialOptions& options) : Method(options.rule, options.step) {}

  /// In their canonical forms. The step of a rule that is a step by itself is that rule.
  [[nodiscard]] const std::string& rule() const { return rule_; }
  [[nodiscard]] const std::string& step() const { return step_; }
  [[nodiscard]] bool is_step_by_itself() const { return step_ == rule_; }
  /// See LearningStep.
  [[nodiscard]] double passes() const { return passes_; }
  [[nodiscard]] double usual_lr() const { return usual_lr_; }
  /// For one training.
  [[nodiscard]] Learning learning() const;

 private:
  std::string rule_;
  std::string step_;
  double passes_;
  double usual_lr_;
};

/// The rule, with its step where that is not the ordinary one: "fa", "fa, soap". Read off the options as they
/// are, which may be those of another program.
std::string method_name(const TrialOptions& options);

/// The name of what a person calls "sign:period=6400" or "fa, soap:lr=0.50"; one that this program does not
/// know stays as it is.
std::string canonical_method(const std::string& name);

}  // namespace SOAP_ABI
}  // namespace soap
