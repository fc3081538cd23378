// Which rules learn without ever seeing a weight.
#include <memory>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "soap/learn/trainer.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"

#include "tests/support/feedbacks.hpp"
#include "tests/support/small_problem.hpp"

using namespace soap;

namespace {

// A feedback that is shown NaN wherever it could see a weight.
class Blindfolded final : public Feedback {
 public:
  explicit Blindfolded(std::unique_ptr<Feedback> rule) : rule_(std::move(rule)) {}

  void initialize(const EdgeShape& edge, Rng& rng) override {
    nothing_.setConstant(edge.out, edge.in, std::numeric_limits<Scalar>::quiet_NaN());
    rule_->initialize(edge, rng);
  }
  [[nodiscard]] Way way(ConstRef) const override { return rule_->way(nothing_); }
  void before_step(ConstRef, std::int64_t examples_seen) override {
    rule_->before_step(nothing_, examples_seen);
  }
  void visit_parameters(ParameterVisitor visit) override { rule_->visit_parameters(visit); }
  void visit_gradients(const Lesson& lesson, GradientVisitor visit) override {
    rule_->visit_gradients(lesson, visit);
  }
  void visit_state(StateVisitor& visitor) override { rule_->visit_state(visitor); }

 private:
  std::unique_ptr<Feedback> rule_;
  Matrix nothing_;
};

// Trains a network of which some feedbacks may be blindfolded.
Network trained(const std::string& rule, bool blindfolded) {
  const auto feedback = [&]() -> std::unique_ptr<Feedback> {
    if (blindfolded) return std::make_unique<Blindfolded>(make_feedback(rule));
    return make_feedback(rule);
  };
  Network network;
  network.add<Dense>(6, 16, feedback());
  network.add(make_activation("tanh"));
  network.add<Dense>(16, 12, feedback());
  network.add(make_activation("tanh"));
  network.add<Dense>(12, 4, feedback());
  network.initialize(1);
  const SmallProblem data(64);
  const SoftmaxCrossEntropy loss;
  Sgd sgd({.lr = 0.1, .momentum = 0.9});
  Trainer trainer(network, loss, sgd, {.epochs = 3, .batch_size = 8});
  trainer.fit(data);
  return network;
}

bool learns_blindfolded(const std::string& rule) {
  Network seeing = trained(rule, false);
  Network blind = trained(rule, true);
  for (std::size_t l = 0; l < seeing.depth(); ++l) {
    if (seeing.layer(l).weights() == nullptr) continue;
    if (!same_bits(*blind.layer(l).weights(), *seeing.layer(l).weights())) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("fa, dfa, drtp and their like never see a weight") {
  for (const char* rule : {"fa", "dfa", "drtp", "kp", "sparse:density=0.3", "sparse:density=0.3:direct=yes",
                           "lowrank:rank=2", "lowrank:rank=2:direct=yes"}) {
    CAPTURE(rule);
    CHECK(learns_blindfolded(rule));
    Network network = trained(rule, false);
    CHECK(network.transported_bits(24) == 0.0);
  }
}

TEST_CASE("rules that need weights are found out") {
  CHECK_THROWS_AS(learns_blindfolded("bp"), Diverged);
  CHECK_FALSE(learns_blindfolded("sign:period=8"));
}
