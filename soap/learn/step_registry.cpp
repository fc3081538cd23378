#include "soap/learn/step_registry.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include "soap/base/registry.hpp"
#include "soap/base/text.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/learn/activity_propagation.hpp"
#include "soap/learn/pepita.hpp"
#include "soap/learn/target_propagation.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr const char* ordinary_step = "backward";

using Steps = Registry<std::unique_ptr<LearningStep>>;

// Of one use.
Steps& steps(StepUse use) {
  static Steps beside_a_rule(
      "step",
      {
          {ordinary_step, "the ordinary step: one pass forward, one backward", make_plain<BackwardStep>},
          {"soap",
           "second order activity propagation: a second pass with moved activities, and a secant-Newton "
           "step at each hidden unit",
           ActivityPropagationStep::make},
      });
  static Steps rules(
      "step",
      {
          {"dtp", "difference target propagation: targets in place of errors, sent through learned inverses",
           TargetPropagationStep::make},
          {"pepita", "no error comes: a second forward pass of an input that the error has changed",
           PepitaStep::make},
      });
  return use == StepUse::as_rule ? rules : beside_a_rule;
}

// Those that know the step; where none does, those whose names it may be meant for.
Steps& steps_with(std::string_view text) {
  return steps(is_step(text) ? StepUse::as_rule : StepUse::with_feedback);
}

std::vector<std::string> sorted_union(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The texts of a rule's layers, whose names are all known.
std::vector<std::string> layers_of(std::string_view rule) {
  std::vector<std::string> layers = split(rule, '/');
  for (const std::string& layer : layers) {
    const std::string name = layer.substr(0, layer.find(':'));
    const bool is_feedback = contains(feedback_names(), name);
    if (is_step(layer) && is_feedback)
      throw std::invalid_argument("rule '" + name + "': a feedback and a training step both have this name");
    if (!is_step(layer)) {
      if (!is_feedback) throw std::invalid_argument(unknown_name("rule", name, rule_names()));
    } else if (layers.size() > 1) {
      throw std::invalid_argument(std::string("rule '").append(rule) + "': '" + layer +
                                  "' is a training step of its own and cannot serve a single layer");
    }
  }
  return layers;
}

}  // namespace

std::unique_ptr<LearningStep> make_step(std::string_view text) { return steps_with(text).make(text); }

std::string canonical_step(std::string_view text) { return steps_with(text).canonical(text); }

std::string canonical_rule(std::string_view text) {
  std::vector<std::string> layers = layers_of(text);
  for (std::string& layer : layers)
    layer = is_step(layer) ? canonical_step(layer) : make_feedback(layer)->rule();
  return join(layers, "/");
}

void register_step(const std::string& name, StepUse use, StepFactory factory, std::string meaning) {
  static std::mutex one_at_a_time;
  const std::scoped_lock lock(one_at_a_time);
  const StepUse other = use == StepUse::as_rule ? StepUse::with_feedback : StepUse::as_rule;
  if (contains(feedback_names(), name)) refuse_taken_name("step", name, "a feedback");
  if (steps(other).contains(name)) refuse_taken_name("step", name);
  steps(use).add({name, std::move(meaning), std::move(factory)});
}

std::vector<std::string> step_names(StepUse use) { return steps(use).names(); }

std::vector<std::string> rule_names() { return sorted_union(feedback_names(), step_names(StepUse::as_rule)); }

std::optional<std::string> rule_help(std::string_view text) {
  std::vector<SpecName> rules = feedback_entries();
  for (SpecName& step : steps(StepUse::as_rule).entries()) rules.push_back(std::move(step));
  std::sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return spec_help("rule", rules, text);
}

std::optional<std::string> step_help(std::string_view text) {
  return steps(StepUse::with_feedback).help(text);
}

bool is_step(std::string_view rule) {
  return steps(StepUse::as_rule).contains(rule.substr(0, rule.find(':')));
}

Learning make_learning(const std::string& rule, const std::string& step) {
  (void)layers_of(rule);
  if (is_step(step)) {
    throw std::invalid_argument("step '" + step + "' is a rule by itself: found it with the rule '" + rule +
                                "', expected it as the rule");
  }
  if (!is_step(rule)) return {.feedback = rule, .kind = step, .step = make_step(step)};
  if (step != ordinary_step) {
    throw std::invalid_argument("rule '" + rule +
                                "' is a training step of its own: found it with the step '" + step +
                                "', expected no other step");
  }
  // The network's feedback then stands idle.
  return {.feedback = "bp", .kind = rule, .step = make_step(rule)};
}

}  // namespace SOAP_ABI
}  // namespace soap
