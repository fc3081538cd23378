#include "soap/learn/step_registry.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/feedback/registry.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/small_problem.hpp"

using namespace soap;

namespace {

// The library's own: tests add theirs later.
const std::vector<std::string> own_steps = step_names(StepUse::with_feedback);
const std::vector<std::string> own_step_rules = step_names(StepUse::as_rule);

class Idle final : public LearningStep {
 public:
  [[nodiscard]] std::string kind() const override { return "idle"; }
  void prepare(Network&, Index, std::uint64_t) override {}
  double run(const Batch&, const StepContext&) override { return 0; }
};

std::unique_ptr<LearningStep> make_idle(Spec&) { return std::make_unique<Idle>(); }

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TEST_CASE("a rule's text becomes the network's feedback and the step that trains it") {
  const Learning ordinary = make_learning("sign:period=64", "backward");
  CHECK(ordinary.feedback == "sign:period=64");
  CHECK(ordinary.kind == "backward");
  CHECK(ordinary.step->kind() == "backward");
  CHECK(make_learning("bp/fa", "backward").feedback == "bp/fa");
}

TEST_CASE("a user's own step works by name, beside feedbacks or as a rule") {
  register_step("idle", StepUse::with_feedback, make_idle);
  register_step("idle_rule", StepUse::as_rule, make_idle);
  CHECK(contains(step_names(StepUse::with_feedback), "idle"));
  CHECK(contains(rule_names(), "idle_rule"));
  CHECK(contains(rule_names(), "fa"));
  CHECK_FALSE(contains(rule_names(), "idle"));
  CHECK(make_learning("fa", "idle").step->kind() == "idle");
  CHECK(make_learning("idle_rule", "backward").kind == "idle_rule");
  CHECK(is_step("idle_rule:a=1"));
  CHECK_FALSE(is_step("fa"));

  CHECK_THROWS_WITH_AS(register_step("idle", StepUse::as_rule, make_idle), "step name 'idle' is taken",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(register_step("fa", StepUse::as_rule, make_idle),
                       "step name 'fa' is taken by a feedback", std::invalid_argument);
  CHECK_THROWS_AS(register_step("a/b", StepUse::as_rule, make_idle), std::invalid_argument);

  CHECK_THROWS_WITH_AS(
      make_learning("idle_rule/fa", "backward"),
      "rule 'idle_rule/fa': 'idle_rule' is a training step of its own and cannot serve a single layer",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      make_learning("fa", "idle_rule"),
      "step 'idle_rule' is a rule by itself: found it with the rule 'fa', expected it as the rule",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      make_learning("idle_rule", "idle"),
      "rule 'idle_rule' is a training step of its own: found it with the step 'idle', expected no "
      "other step",
      std::invalid_argument);

  register_step("both", StepUse::as_rule, make_idle);
  register_feedback("both", [](Spec&) { return make_feedback("bp"); });
  CHECK_THROWS_WITH_AS(make_learning("both", "backward"),
                       "rule 'both': a feedback and a training step both have this name",
                       std::invalid_argument);
}

TEST_CASE("a step that is not prepared says so") {
  Network network = mlp({6, 3, 4});
  const Batch batch = batch_of(SmallProblem(2), 2);
  const SoftmaxCrossEntropy loss;
  Sgd sgd;
  sgd.attach(network);
  const auto check_refused = [&](LearningStep& step) {
    CHECK_THROWS_WITH_AS(
        step.run(batch, {network, loss, sgd, 0, 1}),
        ("step '" + step.kind() + "': call prepare(network, ...) before the first run").c_str(),
        std::logic_error);
  };
  REQUIRE(own_steps.size() >= 2);
  REQUIRE(own_step_rules.size() >= 2);
  for (const auto& name : own_steps) check_refused(*make_learning("bp", name).step);
  for (const auto& name : own_step_rules) check_refused(*make_learning(name, "backward").step);
}

TEST_CASE("unknown rules and steps are refused with the nearest names of both kinds") {
  CHECK_THROWS_WITH_AS(make_learning("sgn", "backward"),
                       doctest::Contains("unknown rule 'sgn' (nearest: sign"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_learning("bp/f", "backward"), doctest::Contains("unknown rule 'f' (nearest: "),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_learning("bp", "bakward"),
                       doctest::Contains("unknown step 'bakward' (nearest: backward"), std::invalid_argument);
  CHECK_THROWS_AS(make_step("backward:a=1"), std::invalid_argument);
}

TEST_CASE("rules that are steps take the place of feedback, with their parameters") {
  const Learning pepita = make_learning("pepita:scale=0.1", "backward");
  CHECK(pepita.feedback == "bp");
  CHECK(pepita.kind == "pepita:scale=0.1");
  CHECK(pepita.step->kind() == "pepita");
  const Learning dtp = make_learning("dtp:target=0.3:noise=0:inverse_lr=1:init=kaiming_normal", "backward");
  CHECK(dtp.step->kind() == "dtp");
  CHECK(is_step("dtp:noise=0"));
  CHECK(!is_step("fa"));
}

TEST_CASE("rules that are steps serve no single layers, take no other step, and refuse unknown parameters") {
  CHECK_THROWS_WITH_AS(
      make_learning("pepita/fa", "backward"),
      "rule 'pepita/fa': 'pepita' is a training step of its own and cannot serve a single layer",
      std::invalid_argument);
  CHECK_THROWS_AS(make_learning("fa/dtp", "backward"), std::invalid_argument);
  CHECK_THROWS_AS(make_learning("pepita", "dtp"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_learning("pepitta", "backward"), doctest::Contains("nearest: pepita"),
                       std::invalid_argument);
  CHECK_THROWS_AS(make_learning("pepita:target=1", "backward"), std::invalid_argument);
  CHECK_THROWS_AS(make_learning("dtp:noise=-1", "backward"), std::invalid_argument);
}
