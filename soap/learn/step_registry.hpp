// Training steps by name, and what a rule's name stands for.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/learn/step.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Makes a step from the parameters of a text such as "soap:lr=0.5".
using StepFactory = std::function<std::unique_ptr<LearningStep>(Spec&)>;

enum class StepUse {
  with_feedback,  ///< a way to use any feedback: stands beside a rule, as in `--step soap --rules bp,fa`
  as_rule,        ///< a rule by itself, which takes the place of feedback: `--rules pepita`
};

/// Makes a step of either use from its text. Throws std::invalid_argument, with the nearest valid names, when
/// the step, a parameter or a value is unknown.
std::unique_ptr<LearningStep> make_step(std::string_view text);

/// The text that all spellings of the same parameters share, see Spec. Throws as `make_step`.
std::string canonical_step(std::string_view text);

/// Gives a name to a step of the user's own; `meaning` is a few words on it for whoever asks for help. Throws
/// std::invalid_argument when a step or a feedback has the name already, and for names as `register_feedback`
/// does.
void register_step(const std::string& name, StepUse use, StepFactory factory, std::string meaning = "");

/// The names of the steps of one use, sorted.
std::vector<std::string> step_names(StepUse use);

/// Everything that `--rules` may name: feedbacks and the steps that are rules, sorted.
std::vector<std::string> rule_names();

/// What a text such as "help" or "sign:help" asks to know about the rules, or "help" or "soap:help" about the
/// steps that stand beside one, see `spec_help`.
std::optional<std::string> rule_help(std::string_view text);
std::optional<std::string> step_help(std::string_view text);

/// Whether a rule's text names a step rather than feedbacks.
bool is_step(std::string_view rule);

/// The text that all spellings of the same rule share: of "bp/sign:period=6400", a rule for each hidden
/// layer, it is "bp/sign", and of "fa/fa", which only two hidden layers can have, itself. Throws
/// std::invalid_argument when a name, a parameter or a value is not valid.
std::string canonical_rule(std::string_view text);

/// What a rule and a step come to: the feedback of a network's layers, and the step that trains it.
struct Learning {
  std::string feedback;  ///< for MlpOptions::rule
  std::string kind;      ///< the step's text: "backward", "soap:lr=0.5", "pepita"
  std::unique_ptr<LearningStep> step;
};

/// From texts such as ("fa", "backward"), ("bp/fa", "soap") and ("pepita", "backward"). Throws
/// std::invalid_argument when a name is unknown, and when a rule that is a step is asked to serve single
/// layers or to run inside another step.
Learning make_learning(const std::string& rule, const std::string& step);

}  // namespace SOAP_ABI
}  // namespace soap
