#include "soap/feedback/registry.hpp"

#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/feedback/delayed.hpp"
#include "soap/feedback/direct.hpp"
#include "soap/feedback/kolen_pollack.hpp"
#include "soap/feedback/noisy.hpp"
#include "soap/feedback/random.hpp"
#include "soap/feedback/sign.hpp"
#include "soap/feedback/sign_symmetry.hpp"
#include "soap/feedback/transpose.hpp"
#include "soap/feedback/weight_mirror.hpp"

namespace soap::inline SOAP_ABI {

namespace {

Initializer take_initializer(Spec& spec) {
  return static_cast<Initializer>(spec.take_choice("init", "xavier_normal", initializer_names()));
}

std::unique_ptr<Feedback> make_sign(Spec& spec) {
  SignFeedbackOptions options;
  options.period = spec.take_integer("period", options.period, 1);
  options.scale = static_cast<SignScale>(spec.take_choice("scale", "one", {"one", "norm", "xavier"}));
  options.initializer = take_initializer(spec);
  return feedback::sign(options);
}

std::unique_ptr<Feedback> random_or_direct(Spec& spec, const FeedbackDrawing& drawing) {
  const bool direct = spec.take_choice("direct", "no", {"no", "yes"}) == 1;
  return direct ? feedback::direct(drawing) : feedback::random(drawing);
}

std::unique_ptr<Feedback> make_sparse(Spec& spec) {
  const double density = spec.take_number("density", 0.1, 0);
  if (density == 0 || density > 1)
    spec.fail("density is " + to_text(density) + ", expected a number above 0 and at most 1");
  return random_or_direct(spec, {.initializer = take_initializer(spec), .density = density});
}

std::unique_ptr<Feedback> make_low_rank(Spec& spec) {
  const Index rank = spec.take_integer("rank", 8, 1);
  return random_or_direct(spec, {.initializer = take_initializer(spec), .rank = rank});
}

std::unique_ptr<Feedback> make_noisy(Spec& spec) {
  NoisyFeedbackOptions options;
  options.size = spec.take_number("size", options.size, 0);
  return feedback::noisy(options);
}

std::unique_ptr<Feedback> make_delayed(Spec& spec) {
  DelayedFeedbackOptions options;
  options.examples = spec.take_integer("examples", options.examples, 0);
  return feedback::delayed(options);
}

std::unique_ptr<Feedback> make_weight_mirror(Spec& spec) {
  WeightMirrorOptions options;
  options.period = spec.take_integer("period", options.period, 1);
  options.samples = spec.take_integer("samples", options.samples, 1);
  options.rate = spec.take_number("rate", options.rate, 0);
  options.noise = spec.take_number("noise", options.noise, 0);
  options.gain = spec.take_number("gain", options.gain, 0);
  options.initializer = take_initializer(spec);
  return feedback::weight_mirror(options);
}

FeedbackFactory sign_symmetry(Magnitudes magnitudes) {
  return [magnitudes](Spec& spec) {
    return feedback::sign_symmetry({.magnitudes = magnitudes, .initializer = take_initializer(spec)});
  };
}

struct Registry {
  std::mutex mutex;
  std::map<std::string, FeedbackFactory, std::less<>> factories = {
      {"bp", [](Spec&) { return feedback::transpose(); }},
      {"brsf", sign_symmetry(Magnitudes::redrawn)},
      {"dfa", [](Spec& spec) { return feedback::direct({.initializer = take_initializer(spec)}); }},
      {"drtp", [](Spec& spec) { return feedback::target({.initializer = take_initializer(spec)}); }},
      {"delayed", make_delayed},
      {"fa", [](Spec& spec) { return feedback::random({.initializer = take_initializer(spec)}); }},
      {"frsf", sign_symmetry(Magnitudes::fixed)},
      {"kp", [](Spec& spec) { return feedback::kolen_pollack({.initializer = take_initializer(spec)}); }},
      {"lowrank", make_low_rank},
      {"noisy", make_noisy},
      {"sign", make_sign},
      {"sparse", make_sparse},
      {"usf", [](Spec&) { return feedback::sign_symmetry({.magnitudes = Magnitudes::uniform}); }},
      {"wm", make_weight_mirror},
  };
};

Registry& registry() {
  static Registry instance;
  return instance;
}

FeedbackFactory find_factory(const std::string& name) {
  const std::scoped_lock lock(registry().mutex);
  const auto found = registry().factories.find(name);
  return found == registry().factories.end() ? FeedbackFactory() : found->second;
}

}  // namespace

std::unique_ptr<Feedback> make_feedback(std::string_view text) {
  Spec spec("rule", text);
  const FeedbackFactory factory = find_factory(spec.name());
  if (!factory) throw std::invalid_argument(unknown_name("rule", spec.name(), feedback_names()));
  auto made = factory(spec);
  spec.finish();
  made->set_rule(spec.canonical());
  return made;
}

void check_rule_name(std::string_view kind, const std::string& name) {
  if (!name.empty() && name.find_first_of(":=,/") == std::string::npos) return;
  throw std::invalid_argument(std::string(kind) + " name '" + name + "': expected a name without : = , /");
}

void register_feedback(const std::string& name, FeedbackFactory factory) {
  check_rule_name("rule", name);
  const std::scoped_lock lock(registry().mutex);
  if (!registry().factories.emplace(name, std::move(factory)).second) {
    throw std::invalid_argument("rule name '" + name + "' is taken");
  }
}

std::vector<std::string> feedback_names() {
  const std::scoped_lock lock(registry().mutex);
  std::vector<std::string> names;
  for (const auto& [name, factory] : registry().factories) names.push_back(name);
  return names;
}

}  // namespace soap::inline SOAP_ABI
