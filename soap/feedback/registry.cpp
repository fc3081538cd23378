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

Initializer take_initializer(Spec& spec, std::string_view meaning = "how the random matrix is drawn") {
  return static_cast<Initializer>(spec.take_choice("init", "xavier_normal", initializer_names(), meaning));
}

std::unique_ptr<Feedback> make_sign(Spec& spec) {
  SignFeedbackOptions options;
  options.period =
      spec.take_integer("period", options.period, 1, "examples from one copy of the signs to the next");
  options.scale = static_cast<SignScale>(
      spec.take_choice("scale", "one", {"one", "norm", "xavier"},
                       "size of the entries: 1, such that the matrix has the Frobenius norm of W, or the "
                       "deviation of Xavier-normal weights"));
  options.initializer =
      take_initializer(spec, "how the random matrix is drawn that serves until the first copy");
  return feedback::sign(options);
}

std::unique_ptr<Feedback> random_or_direct(Spec& spec, const FeedbackDrawing& drawing) {
  const bool direct = spec.take_yes("direct", false, "yes: straight from the output, as dfa");
  return direct ? feedback::direct(drawing) : feedback::random(drawing);
}

std::unique_ptr<Feedback> make_sparse(Spec& spec) {
  const double density = spec.take_number(
      "density", 0.1, 0, "share of the units above that each unit hears of; above 0, at most 1");
  if (density == 0 || density > 1)
    spec.fail("density is " + to_text(density) + ", expected a number above 0 and at most 1");
  return random_or_direct(spec, {.initializer = take_initializer(spec), .density = density});
}

std::unique_ptr<Feedback> make_low_rank(Spec& spec) {
  const Index rank = spec.take_integer("rank", 8, 1, "of the matrix, a product of two random ones");
  return random_or_direct(spec, {.initializer = take_initializer(spec), .rank = rank});
}

std::unique_ptr<Feedback> make_noisy(Spec& spec) {
  NoisyFeedbackOptions options;
  options.size =
      spec.take_number("size", options.size, 0, "deviation of the noise over the root mean square of W");
  return feedback::noisy(options);
}

std::unique_ptr<Feedback> make_delayed(Spec& spec) {
  DelayedFeedbackOptions options;
  options.examples =
      spec.take_integer("examples", options.examples, 0, "how many examples old W is, at least");
  return feedback::delayed(options);
}

std::unique_ptr<Feedback> make_weight_mirror(Spec& spec) {
  WeightMirrorOptions options;
  options.period =
      spec.take_integer("period", options.period, 1, "examples from one phase of noise to the next");
  options.samples = spec.take_integer("samples", options.samples, 1, "samples of noise in a phase");
  options.rate = spec.take_number("rate", options.rate, 0, "at which the mirror learns; above 0");
  options.noise = spec.take_number("noise", options.noise, 0, "deviation of the noise; above 0");
  options.gain = spec.take_number("gain", options.gain, 0,
                                  "deviation that the mirror gives to random activity; above 0");
  options.initializer = take_initializer(spec, "how the mirror is drawn that serves until the first phase");
  return feedback::weight_mirror(options);
}

FeedbackFactory sign_symmetry(Magnitudes magnitudes) {
  return [magnitudes](Spec& spec) {
    return feedback::sign_symmetry({.magnitudes = magnitudes, .initializer = take_initializer(spec)});
  };
}

struct Entry {
  FeedbackFactory factory;
  std::string meaning;
};

struct Registry {
  std::mutex mutex;
  std::map<std::string, Entry, std::less<>> entries = {
      {"bp",
       {[](Spec&) { return feedback::transpose(); }, "backpropagation: through the transposed weights"}},
      {"brsf",
       {sign_symmetry(Magnitudes::redrawn), "through the signs of W, with sizes drawn anew at each step"}},
      {"dfa",
       {[](Spec& spec) { return feedback::direct({.initializer = take_initializer(spec)}); },
        "direct feedback alignment: through a fixed random matrix, straight from the output"}},
      {"drtp",
       {[](Spec& spec) { return feedback::target({.initializer = take_initializer(spec)}); },
        "direct random target projection: no error comes, only the target, through a fixed random matrix"}},
      {"delayed", {make_delayed, "a control: through the transposed weights of some time ago"}},
      {"fa",
       {[](Spec& spec) { return feedback::random({.initializer = take_initializer(spec)}); },
        "feedback alignment: through a fixed random matrix"}},
      {"frsf", {sign_symmetry(Magnitudes::fixed), "through the signs of W, with sizes drawn once"}},
      {"kp",
       {[](Spec& spec) { return feedback::kolen_pollack({.initializer = take_initializer(spec)}); },
        "Kolen-Pollack: through a matrix that is trained beside W and learns to be its transpose"}},
      {"lowrank", {make_low_rank, "as fa or dfa, through a random matrix of low rank"}},
      {"noisy", {make_noisy, "a control: through the transposed weights with noise"}},
      {"sign", {make_sign, "through the signs of W, copied now and then"}},
      {"sparse", {make_sparse, "as fa or dfa, through a random matrix of few entries"}},
      {"usf",
       {[](Spec&) { return feedback::sign_symmetry({.magnitudes = Magnitudes::uniform}); },
        "through the signs of W, all of one size"}},
      {"wm",
       {make_weight_mirror,
        "weight mirror: through a matrix that learns W from noise, in phases of its own"}},
  };
};

Registry& registry() {
  static Registry instance;
  return instance;
}

FeedbackFactory find_factory(const std::string& name) {
  const std::scoped_lock lock(registry().mutex);
  const auto found = registry().entries.find(name);
  return found == registry().entries.end() ? FeedbackFactory() : found->second.factory;
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
  if (name == help_word)
    throw std::invalid_argument(std::string(kind) +
                                " name 'help': expected a name that does not ask for help");
  if (!name.empty() && name.find_first_of(":=,/") == std::string::npos) return;
  throw std::invalid_argument(std::string(kind) + " name '" + name + "': expected a name without : = , /");
}

void register_feedback(const std::string& name, FeedbackFactory factory, std::string meaning) {
  check_rule_name("rule", name);
  const std::scoped_lock lock(registry().mutex);
  if (!registry().entries.emplace(name, Entry{std::move(factory), std::move(meaning)}).second) {
    throw std::invalid_argument("rule name '" + name + "' is taken");
  }
}

std::vector<std::string> feedback_names() {
  const std::scoped_lock lock(registry().mutex);
  std::vector<std::string> names;
  for (const auto& [name, entry] : registry().entries) names.push_back(name);
  return names;
}

std::vector<SpecName> feedback_entries() {
  const std::scoped_lock lock(registry().mutex);
  std::vector<SpecName> entries;
  entries.reserve(registry().entries.size());
  for (const auto& [name, entry] : registry().entries)
    entries.push_back({name, entry.meaning, entry.factory});
  return entries;
}

}  // namespace soap::inline SOAP_ABI
