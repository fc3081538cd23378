// Spellings of one setting have one canonical form, and what is made from either is the same.
#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/data/synthetic_digits.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/feedback/transpose.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/initializer.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/mlp.hpp"
#include "soap/trial/trial.hpp"

#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

// A name with all its parameters at their defaults, as docs/theory.md and the option structs have them, and
// another spelling of a setting of it with that setting's canonical form.
struct Spellings {
  std::string name;
  std::string in_full;
  std::string other;
  std::string canonical;
};

const std::vector<Spellings> spelled_rules = {
    {"bp", "bp", "bp", "bp"},
    {"brsf", "brsf:init=xavier_normal", "brsf:init=kaiming_normal", "brsf:init=kaiming_normal"},
    {"delayed", "delayed:examples=6400", "delayed:examples=00", "delayed:examples=0"},
    {"dfa", "dfa:init=xavier_normal", "dfa:init=kaiming_normal", "dfa:init=kaiming_normal"},
    {"drtp", "drtp:init=xavier_normal", "drtp:init=kaiming_normal", "drtp:init=kaiming_normal"},
    {"dtp", "dtp:noise=0.30:target=5e-1:inverse_lr=0.5:init=xavier_normal", "dtp:noise=-0:target=.4",
     "dtp:target=0.4:noise=0"},
    {"fa", "fa:init=xavier_normal", "fa:init=xavier_uniform", "fa:init=xavier_uniform"},
    {"frsf", "frsf:init=xavier_normal", "frsf:init=kaiming_normal", "frsf:init=kaiming_normal"},
    {"kp", "kp:init=xavier_normal", "kp:init=kaiming_normal", "kp:init=kaiming_normal"},
    {"lowrank", "lowrank:rank=08:init=xavier_normal:direct=no", "lowrank:direct=yes:rank=02",
     "lowrank:rank=2:direct=yes"},
    {"noisy", "noisy:size=5e-1", "noisy:size=0.250", "noisy:size=0.25"},
    {"pepita", "pepita:scale=0.050:init=kaiming_uniform", "pepita:init=xavier_normal:scale=1e-1",
     "pepita:scale=0.1:init=xavier_normal"},
    {"sign", "sign:init=xavier_normal:scale=one:period=6400", "sign:scale=norm:period=010",
     "sign:period=10:scale=norm"},
    {"sparse", "sparse:density=0.10:init=xavier_normal:direct=no", "sparse:direct=yes:density=50e-2",
     "sparse:density=0.5:direct=yes"},
    {"usf", "usf", "usf", "usf"},
    {"wm", "wm:period=640:samples=512:rate=0.2:noise=1.0:gain=5e-1:init=xavier_normal",
     "wm:gain=0.50:samples=032:period=20", "wm:period=20:samples=32"},
};
const std::vector<Spellings> steps = {
    {"backward", "backward", "backward", "backward"},
    {"soap",
     "soap:lr=1.0:damping=1e-3:relative=no:curvature=signed:average=no:size=newton:at=preactivation:warmup="
     "10",
     "soap:warmup=0:lr=2.50:damping=0.0010", "soap:lr=2.5:warmup=0"},
};
const std::vector<Spellings> optimizers = {
    {"sgd", "sgd:nesterov=no:momentum=0:weight_decay=0.0:manhattan=no", "sgd:weight_decay=-0:momentum=90e-2",
     "sgd:momentum=0.9"},
    {"adam", "adam:beta1=.9:beta2=0.9990:epsilon=0.00000001:weight_decay=0", "adam:layers=1/0.50:beta1=0.80",
     "adam:beta1=0.8:layers=1/0.5"},
    {"adamw", "adamw:weight_decay=0.010:beta1=0.9:beta2=0.999:epsilon=1e-8", "adamw:weight_decay=0.0",
     "adamw:weight_decay=0"},
    {"rmsprop", "rmsprop:smoothing=0.990:epsilon=1e-8:weight_decay=0", "rmsprop:weight_decay=1e-03",
     "rmsprop:weight_decay=0.001"},
};
const std::vector<Spellings> activations = {
    {"gelu", "gelu", "gelu", "gelu"},
    {"identity", "identity", "identity", "identity"},
    {"leaky_relu", "leaky_relu:slope=1e-2", "leaky_relu:slope=0.20", "leaky_relu:slope=0.2"},
    {"relu", "relu", "relu", "relu"},
    {"sigmoid", "sigmoid", "sigmoid", "sigmoid"},
    {"softplus", "softplus", "softplus", "softplus"},
    {"tanh", "tanh", "tanh", "tanh"},
};
const std::vector<Spellings> schedules = {
    {"constant", "constant:warmup=0", "constant:warmup=05", "constant:warmup=5"},
    {"cosine", "cosine:warmup=0:final=0.0", "cosine:final=1e-1", "cosine:final=0.1"},
    {"multi_step:epochs=1", "multi_step:factor=0.10:epochs=01:warmup=0",
     "multi_step:warmup=3:epochs=01/2:factor=.5", "multi_step:epochs=1/2:factor=0.5:warmup=3"},
};

// The weights after two epochs, made from the texts as they are.
Matrix trained(const TrialOptions& options) {
  static const ImageDataset digits = synthetic_digits({.train = 40, .test = 1}).train;
  Learning learning = make_learning(options.rule, options.step);
  Network network = mlp({digits.features(), 12, digits.outputs()},
                        {.rule = learning.feedback, .activation = options.activation, .seed = 3});
  const auto optimizer = make_optimizer(options.optimizer, 0.1);
  const SoftmaxCrossEntropy loss;
  Trainer trainer(network, loss, *optimizer,
                  {.epochs = 2, .batch_size = 8, .seed = 3, .schedule = make_schedule(options.schedule)},
                  std::move(learning.step));
  trainer.fit(digits);
  std::vector<Scalar> weights;
  network.visit_parameters([&](Parameter parameter) {
    for (const Scalar weight : parameter.value.reshaped()) weights.push_back(weight);
  });
  return Eigen::Map<Matrix>(weights.data(), static_cast<Index>(weights.size()), 1);
}

using Canonical = std::function<std::string(std::string_view)>;

void check(const std::vector<Spellings>& all, std::string TrialOptions::*member, const Canonical& canonical) {
  for (const Spellings& text : all) {
    CAPTURE(text.name);
    CHECK(canonical(text.name) == text.name);
    CHECK(canonical(text.in_full) == text.name);
    CHECK(canonical(text.other) == text.canonical);
    CHECK(canonical(text.canonical) == text.canonical);
    TrialOptions options;
    options.*member = text.in_full;
    CHECK(soap::canonical(options).*member == text.name);
    const auto made_from = [&](const std::string& spelling) {
      options.*member = spelling;
      return trained(options);
    };
    CHECK(same_bits(made_from(text.in_full), made_from(text.name)));
    CHECK(same_bits(made_from(text.other), made_from(text.canonical)));
    if (text.name == text.canonical) continue;
    CHECK_FALSE(same_bits(made_from(text.other), made_from(text.name)));
  }
}

std::vector<std::string> names_of(const std::vector<Spellings>& all) {
  std::vector<std::string> names;
  for (const Spellings& text : all) names.push_back(text.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

// Before other tests register their own.
TEST_CASE("every name of the library is among those whose spellings are tested here") {
  for (const std::string& name : names_of(spelled_rules)) CHECK_NOTHROW(make_learning(name, "backward"));
  CHECK(names_of(optimizers) == sorted(optimizer_names()));
  CHECK(names_of(activations) == sorted(activation_names()));
  CHECK(schedules.size() == schedule_names().size());
}

TEST_CASE("a rule's default in full is its bare name, in any order and spelling, and trains the same bits") {
  check(spelled_rules, &TrialOptions::rule, canonical_rule);
}

TEST_CASE("steps, optimizers, activations and schedules have one form each too") {
  check(steps, &TrialOptions::step, canonical_step);
  check(optimizers, &TrialOptions::optimizer, canonical_optimizer);
  check(activations, &TrialOptions::activation, canonical_activation);
  check(schedules, &TrialOptions::schedule, canonical_schedule);
}

TEST_CASE("a rule for each layer is written layer by layer, and their number stays") {
  CHECK(canonical_rule("bp/sign:period=6400") == "bp/sign");
  CHECK(canonical_rule("fa:init=xavier_normal/fa") == "fa/fa");
  CHECK_THROWS_AS(canonical_rule("bp/pepita"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(canonical_rule("sgn"), doctest::Contains("unknown rule 'sgn' (nearest: sign"),
                       std::invalid_argument);
}

TEST_CASE("a rule of a user's own has a canonical form with no line of its own") {
  register_feedback("own_of_canonical_test", [](Spec& spec) {
    const std::int64_t first = spec.take_integer("first", 2, 0);
    (void)spec.take_number("second", 0.1 * static_cast<double>(first), 0);
    return feedback::transpose();
  });
  const std::string name = "own_of_canonical_test";
  CHECK(canonical_rule(name + ":second=0.20:first=02") == name);
  CHECK(canonical_rule(name + ":second=0.50:first=5") == name + ":first=5");
  CHECK(canonical_rule(name + ":second=0.2:first=5") == name + ":first=5:second=0.2");
  CHECK(make_feedback(name + ":first=2")->rule() == name);
}

TEST_CASE("texts that are not valid have no canonical form") {
  const auto refused = [](const std::function<void(TrialOptions&)>& change) {
    TrialOptions options;
    change(options);
    CHECK_THROWS_AS(canonical(options), std::invalid_argument);
  };
  refused([](TrialOptions& options) { options.rule = "sign:period=0"; });
  refused([](TrialOptions& options) { options.step = "soap:lr=0"; });
  refused([](TrialOptions& options) { options.activation = "tahn"; });
  refused([](TrialOptions& options) { options.initializer = "xavier"; });
  refused([](TrialOptions& options) { options.loss = "mse"; });
  refused([](TrialOptions& options) { options.optimizer = "sgd:momentum=1"; });
  refused([](TrialOptions& options) { options.schedule = "cosine:final=2"; });
}
