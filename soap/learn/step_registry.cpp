#include "soap/learn/step_registry.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/learn/activity_propagation.hpp"
#include "soap/learn/pepita.hpp"
#include "soap/learn/target_propagation.hpp"

namespace soap::inline SOAP_ABI {

namespace {

constexpr const char* ordinary_step = "backward";

std::unique_ptr<LearningStep> make_pepita(Spec& spec) {
  PepitaOptions options;
  options.scale =
      spec.take_number("scale", options.scale, 0, "of the matrix that adds the error to the input; above 0");
  options.initializer = static_cast<Initializer>(
      spec.take_choice("init", "kaiming_uniform", initializer_names(), "how that matrix is drawn"));
  return std::make_unique<PepitaStep>(options);
}

std::unique_ptr<LearningStep> make_dtp(Spec& spec) {
  TargetPropagationOptions options;
  options.target = spec.take_number("target", options.target, 0,
                                    "how far the top hidden layer's target lies down the gradient; above 0");
  options.inverse_lr = spec.take_number("inverse_lr", options.inverse_lr, 0, "learning rate of the inverses");
  options.noise =
      spec.take_number("noise", options.noise, 0, "deviation of the noise that inverses learn from");
  options.initializer = static_cast<Initializer>(
      spec.take_choice("init", "xavier_normal", initializer_names(), "how the inverses are drawn"));
  return std::make_unique<TargetPropagationStep>(options);
}

struct Entry {
  StepUse use;
  StepFactory factory;
  std::string meaning;
};

struct Registry {
  std::mutex mutex;
  std::map<std::string, Entry, std::less<>> entries = {
      {ordinary_step,
       {StepUse::with_feedback, [](Spec&) { return std::make_unique<BackwardStep>(); },
        "the ordinary step: one pass forward, one backward"}},
      {"soap",
       {StepUse::with_feedback, make_activity_propagation,
        "second order activity propagation: a second pass with moved activities, and a secant-Newton step at "
        "each hidden unit"}},
      {"dtp",
       {StepUse::as_rule, make_dtp,
        "difference target propagation: targets in place of errors, sent through learned inverses"}},
      {"pepita",
       {StepUse::as_rule, make_pepita,
        "no error comes: a second forward pass of an input that the error has changed"}},
  };
};

Registry& registry() {
  static Registry instance;
  return instance;
}

std::optional<Entry> find_entry(std::string_view name) {
  const std::scoped_lock lock(registry().mutex);
  const auto found = registry().entries.find(name);
  return found == registry().entries.end() ? std::nullopt : std::optional(found->second);
}

std::vector<SpecName> entries_for(StepUse use) {
  const std::scoped_lock lock(registry().mutex);
  std::vector<SpecName> entries;
  for (const auto& [name, entry] : registry().entries) {
    if (entry.use == use) entries.push_back({name, entry.meaning, entry.factory});
  }
  return entries;
}

std::vector<std::string> sorted_union(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::unique_ptr<LearningStep> make(Spec& spec) {
  const auto entry = find_entry(spec.name());
  if (!entry)
    throw std::invalid_argument(unknown_name("step", spec.name(), step_names(StepUse::with_feedback)));
  auto made = entry->factory(spec);
  spec.finish();
  return made;
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

std::unique_ptr<LearningStep> make_step(std::string_view text) {
  Spec spec("step", text);
  return make(spec);
}

std::string canonical_step(std::string_view text) {
  Spec spec("step", text);
  (void)make(spec);
  return spec.canonical();
}

std::string canonical_rule(std::string_view text) {
  std::vector<std::string> layers = layers_of(text);
  for (std::string& layer : layers)
    layer = is_step(layer) ? canonical_step(layer) : make_feedback(layer)->rule();
  return join(layers, "/");
}

void register_step(const std::string& name, StepUse use, StepFactory factory, std::string meaning) {
  check_rule_name("step", name);
  if (contains(feedback_names(), name))
    throw std::invalid_argument("step name '" + name + "' is taken by a feedback");
  const std::scoped_lock lock(registry().mutex);
  if (!registry().entries.emplace(name, Entry{use, std::move(factory), std::move(meaning)}).second)
    throw std::invalid_argument("step name '" + name + "' is taken");
}

std::vector<std::string> step_names(StepUse use) {
  const std::scoped_lock lock(registry().mutex);
  std::vector<std::string> names;
  for (const auto& [name, entry] : registry().entries) {
    if (entry.use == use) names.push_back(name);
  }
  return names;
}

std::vector<std::string> rule_names() { return sorted_union(feedback_names(), step_names(StepUse::as_rule)); }

std::optional<std::string> rule_help(std::string_view text) {
  std::vector<SpecName> rules = feedback_entries();
  for (SpecName& step : entries_for(StepUse::as_rule)) rules.push_back(std::move(step));
  std::sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return spec_help("rule", rules, text);
}

std::optional<std::string> step_help(std::string_view text) {
  return spec_help("step", entries_for(StepUse::with_feedback), text);
}

bool is_step(std::string_view rule) {
  const auto entry = find_entry(rule.substr(0, rule.find(':')));
  return entry && entry->use == StepUse::as_rule;
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

}  // namespace soap::inline SOAP_ABI
