#include "soap/learn/activity_propagation.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/step_registry.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/cross_entropy.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/matrices.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/random_batch.hpp"

using namespace soap;

namespace {

// Not a number at its n-th call.
class LossThatFails final : public Loss {
 public:
  explicit LossThatFails(int n) : n_(n) {}
  [[nodiscard]] std::string name() const override { return "failing"; }
  [[nodiscard]] double value(ConstRef, const Targets&) const override { return 0; }
  double value_and_error(ConstRef output, const Targets& targets, Ref error) const override {
    const double loss = cross_entropy.value_and_error(output, targets, error);
    return ++calls_ == n_ ? std::numeric_limits<double>::quiet_NaN() : loss;
  }

 private:
  int n_;
  mutable int calls_ = 0;
};

// Takes steps on batches of its own and returns their losses.
std::vector<double> train(Network& network, LearningStep& step, int steps, double lr = 0.1) {
  Sgd sgd({.lr = lr});
  sgd.attach(network);
  step.prepare(network, 8, 1);
  std::vector<double> losses;
  for (int t = 0; t < steps; ++t) {
    const Batch batch = random_batch(network.inputs(), network.outputs(), 8, static_cast<std::uint64_t>(t));
    losses.push_back(step.run(batch, {network, cross_entropy, sgd, 8 * t, 1}));
  }
  return losses;
}

}  // namespace

TEST_CASE("activity propagation follows the reference, loss by loss and weight by weight") {
  const auto& figures = golden().at("activity_training");
  const auto& data = golden().at("training");
  const Index batch_size = data.at("batch").get<Index>();
  const Matrix inputs = golden_transposed(data.at("X"));
  const auto labels = data.at("labels").get<std::vector<std::int32_t>>();
  Network network = mlp(figures.at("sizes").get<std::vector<Index>>());
  const auto set = [&](std::size_t l, const char* name) {
    network.layer(l).visit_parameters([&](Parameter shown) {
      shown.value.setZero();
      if (shown.name == "weight") shown.value = golden_matrix(figures.at(name));
    });
  };
  set(0, "W1");
  set(2, "W2");
  Sgd sgd({.lr = figures.at("lr").get<double>()});
  sgd.attach(network);
  ActivityPropagationStep step({.lr = figures.at("soap_lr").get<double>(),
                                .secant = {.damping = figures.at("curvature_bias").get<double>()},
                                .warmup = 0});
  step.prepare(network, batch_size, 1);
  Batch batch;
  batch.reserve(inputs.rows(), network.outputs(), batch_size);
  batch.resize(batch_size);
  const auto losses = figures.at("losses").get<std::vector<double>>();
  for (std::size_t t = 0; t < losses.size(); ++t) {
    const Index first = static_cast<Index>(t) * batch_size;
    batch.inputs() = inputs.middleCols(first, batch_size);
    for (Index i = 0; i < batch_size; ++i) batch.set_label(i, labels[static_cast<std::size_t>(first + i)]);
    CAPTURE(t);
    CHECK(std::abs(step.run(batch, {network, cross_entropy, sgd, first, 1}) - losses[t]) < golden_tolerance);
  }
  CHECK(largest_difference(*network.layer(0).weights(), golden_matrix(figures.at("final_W1"))) <
        golden_tolerance);
  CHECK(largest_difference(*network.layer(2).weights(), golden_matrix(figures.at("final_W2"))) <
        golden_tolerance);
}

TEST_CASE("in its warm-up activity propagation is the ordinary step bit for bit, and no longer") {
  for (const std::string rule : {"bp", "fa"}) {
    Network plain = mlp({6, 8, 7, 4}, {.rule = rule});
    Network soap = mlp({6, 8, 7, 4}, {.rule = rule});
    BackwardStep backward;
    ActivityPropagationStep step;
    CHECK(train(plain, backward, 5) == train(soap, step, 5));
    CHECK(same_parameters(plain, soap));
    train(plain, backward, 1);
    train(soap, step, 1);
    CHECK_FALSE(same_parameters(plain, soap));
  }
}

TEST_CASE("the passes that a checkpoint restores end the warm-up") {
  class Setter final : public StateVisitor {
   public:
    void matrix(std::string_view, Ref) override {}
    void counter(std::string_view name, std::int64_t& value) override {
      if (name == "passes") value = 10;
    }
  } ten;
  Network with_warmup = mlp({6, 8, 4});
  Network without = mlp({6, 8, 4});
  ActivityPropagationStep resumed;
  resumed.visit_state(ten);
  ActivityPropagationStep step({.warmup = 0});
  CHECK(train(with_warmup, resumed, 3) == train(without, step, 3));
  CHECK(same_parameters(with_warmup, without));
}

TEST_CASE("every hidden layer is perturbed, before or after its nonlinearity") {
  Network network = mlp({6, 8, 7, 4});
  ActivityPropagationStep before;
  before.prepare(network, 2, 1);
  CHECK(before.perturbed() == std::vector<std::size_t>{0, 2});
  ActivityPropagationStep after({.at = PerturbedActivity::activation});
  after.prepare(network, 2, 1);
  CHECK(after.perturbed() == std::vector<std::size_t>{1, 3});

  // Without nonlinearities both places are one.
  Network linear;
  linear.add<Dense>(6, 8);
  linear.add<Dense>(8, 4);
  linear.initialize(1);
  before.prepare(linear, 2, 1);
  CHECK(before.perturbed() == std::vector<std::size_t>{0});
  after.prepare(linear, 2, 1);
  CHECK(after.perturbed() == std::vector<std::size_t>{0});

  Network shallow = mlp({6, 4});
  CHECK_THROWS_WITH_AS(before.prepare(shallow, 2, 1), doctest::Contains("step 'soap': found a network of 1"),
                       std::invalid_argument);
}

TEST_CASE("a step of activity propagation moves the activities and updates with pass 2 alone") {
  for (const std::string rule : {"bp", "fa"}) {
    for (const auto at : {PerturbedActivity::preactivation, PerturbedActivity::activation}) {
      Network network = mlp({6, 8, 7, 4}, {.rule = rule});
      const Batch batch = random_batch(6, 4, 5, 1);
      ActivityPropagationStep step({.lr = 40, .at = at, .warmup = 0});
      step.prepare(network, 8, 1);
      const auto before = parameters_of(network);

      // By hand, layer by layer.
      Workspace first(network, 8);
      Workspace second(network, 8);
      const auto top = network.depth() - 1;
      const Targets targets{batch.targets(), batch.labels()};
      network.forward(batch.inputs(), first, Phase::training);
      const double loss = cross_entropy.value_and_error(first.output(top), targets, first.error(top));
      network.backward(batch.targets(), first);
      const auto perturbed = [&](std::size_t l) {
        return l < top && (l % 2 == 0) == (at == PerturbedActivity::preactivation);
      };
      const auto eta = [&](std::size_t l) { return Scalar(40) / static_cast<Scalar>(first.error(l).size()); };
      const bool at_activation = at == PerturbedActivity::activation;
      std::vector<Matrix> put_out(network.depth());  // before it was moved
      std::vector<Matrix> moved(network.depth());
      network.forward(batch.inputs(), second, Phase::training, [&](std::size_t l, Ref y) {
        put_out[l] = y;
        if (perturbed(l)) y -= eta(l) * first.error(l);
        moved[l] = y;
      });
      cross_entropy.value_and_error(second.output(top), targets, second.error(top));
      network.backward(batch.targets(), second, [&](std::size_t l, Ref g2) {
        // Slopes are those at what the layers put out.
        if (at_activation) second.output(l) = put_out[l];
        if (!perturbed(l)) return;
        const ConstView g1 = first.error(l);
        for (Index i = 0; i < g2.size(); ++i) {
          const Scalar g = g1.data()[i];
          Scalar d = g - g2.data()[i];
          d += d > 0 ? Scalar(1e-3) : (d < 0 ? Scalar(-1e-3) : Scalar{0});
          d += d + Scalar(1e-6) > 0 ? Scalar(1e-3) : Scalar(-1e-3);
          g2.data()[i] = eta(l) * g * g / d;
        }
      });
      for (std::size_t l = 0; l < top; ++l) second.output(l) = moved[l];

      Sgd sgd({.lr = 0.5});
      sgd.attach(network);
      CHECK(step.run(batch, {network, cross_entropy, sgd, 0, 1}) == loss);
      for (std::size_t l = 0; l <= top; ++l)
        CHECK(largest_difference(step.last_pass()->error(l), second.error(l)) < golden_tolerance);
      std::vector<Matrix> gradients;
      network.visit_gradients(batch.inputs(), second, [&](Ref value, const Gradient& gradient) {
        gradients.emplace_back(value.rows(), value.cols());
        gradient.accumulate(1, 0, gradients.back());
      });
      const auto after = parameters_of(network);
      for (std::size_t i = 0; i < after.size(); ++i)
        CHECK(largest_difference(after[i], before[i] - Scalar(0.5) * gradients[i]) < golden_tolerance);
    }
  }
}

TEST_CASE("a moved activation leaves the slope below it where it was") {
  // 1-1-2, x = 1, W1 = 1, W2 = (2, -2), biases 0, label 1. In Python, by the formulas of theory.md:
  //   g(y) = the error at y; g2 = g(y - g1); d = g1 - g2, damped by 1e-3 twice; g1²/d times the slope at y.
  struct Case {
    const char* activation;
    double error;
  };
  for (const Case& expected : {Case{"tanh", 1.6028421322430952}, Case{"sigmoid", 0.7459743802645237}}) {
    CAPTURE(expected.activation);
    Network network;
    network.add<Dense>(1, 1);
    network.add(make_activation(expected.activation));
    network.add<Dense>(1, 2);
    network.initialize(1);
    network.visit_parameters([](Parameter parameter) {
      parameter.value.setZero();
      if (parameter.name == "layers.0.weight") parameter.value << 1;
      if (parameter.name == "layers.2.weight") parameter.value << 2, -2;
    });
    Sgd sgd({.lr = 1e-3});
    sgd.attach(network);
    ActivityPropagationStep step({.at = PerturbedActivity::activation, .warmup = 0});
    step.prepare(network, 1, 1);
    Batch batch;
    batch.reserve(1, 2, 1);
    batch.resize(1);
    batch.inputs().setOnes();
    batch.set_label(0, 1);
    step.run(batch, {network, cross_entropy, sgd, 0, 1});
    CHECK(step.last_pass()->error(0)(0, 0) == doctest::Approx(expected.error).epsilon(1e-5));
  }
}

TEST_CASE(
    "a minibatch that is fitted so well that nothing moves ends no run, and a step that never moves does") {
  Network network = mlp({6, 8, 4});
  Sgd sgd;
  sgd.attach(network);
  const Batch batch = random_batch(6, 4, 5, 1);
  // So small a step that no activity changes by a bit.
  ActivityPropagationStep never({.lr = 1e-30, .secant = {.damping = 1, .relative = true}, .warmup = 0});
  never.prepare(network, 1000, 1);
  CHECK(std::isfinite(never.run(batch, {network, cross_entropy, sgd, 0, 1})));
  CHECK_THROWS_WITH_AS(never.run(random_batch(6, 4, 1000, 1), {network, cross_entropy, sgd, 0, 1}),
                       doctest::Contains("sent nothing but zeros to layer 0"), std::invalid_argument);
  // The same later: errors are 1e-30 times what they were.
  ActivityPropagationStep step({.secant = {.damping = 1, .relative = true}, .warmup = 0});
  step.prepare(network, 5, 1);
  step.run(batch, {network, cross_entropy, sgd, 0, 1});
  network.visit_parameters([](Parameter parameter) {
    if (parameter.name == "layers.2.weight") parameter.value *= 1e-30F;
  });
  CHECK(std::isfinite(step.run(batch, {network, cross_entropy, sgd, 0, 1})));
}

TEST_CASE("a loss that is not finite, in either pass, updates nothing") {
  Network network = mlp({6, 8, 4});
  const auto before = parameters_of(network);
  Sgd sgd;
  sgd.attach(network);
  const Batch batch = random_batch(6, 4, 5, 1);
  for (const int pass : {1, 2}) {
    CAPTURE(pass);
    ActivityPropagationStep step({.warmup = 0});
    step.prepare(network, 5, 1);
    CHECK_FALSE(std::isfinite(step.run(batch, {network, LossThatFails(pass), sgd, 0, 1})));
    CHECK(same_bits(parameters_of(network).front(), before.front()));
  }
}

TEST_CASE("activity propagation gives the same bits on any number of threads") {
  const auto run = [](int count) {
    const ThreadCount threads(count);
    Network network = mlp({40, 300, 200, 10});
    ActivityPropagationStep step({.secant = {.relative = true, .average = true}, .warmup = 2});
    train(network, step, 4);
    return network;
  };
  Network one = run(1);
  Network three = run(3);
  CHECK(same_parameters(one, three));
}

TEST_CASE("activity propagation is reachable by name, with every parameter") {
  CHECK(make_step("soap")->kind() == "soap");
  const Learning learning = make_learning("fa", "soap:lr=0.5");
  CHECK(learning.feedback == "fa");
  CHECK(learning.step->kind() == "soap");
  Network named = mlp({6, 8, 7, 4});
  Network built = mlp({6, 8, 7, 4});
  const auto step = make_step(
      "soap:lr=20:damping=0.1:relative=yes:curvature=absolute:average=yes:size=gradient:at=activation:warmup="
      "4");
  ActivityPropagationStep same({.lr = 20,
                                .secant = {.damping = 0.1,
                                           .relative = true,
                                           .sign = CurvatureSign::absolute,
                                           .average = true,
                                           .size = SentSize::gradient},
                                .at = PerturbedActivity::activation,
                                .warmup = 4});
  CHECK(train(named, *step, 4) == train(built, same, 4));
  CHECK(same_parameters(named, built));
  for (const char* text : {"soap:lr=0", "soap:lr=-1", "soap:lr=nan", "soap:damping=-1", "soap:relative=maybe",
                           "soap:curvature=none", "soap:average=2", "soap:size=big", "soap:at=output",
                           "soap:warmup=-1", "soap:dampling=1"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(make_step(text), doctest::Contains(text), std::invalid_argument);
  }
  CHECK_THROWS_AS(ActivityPropagationStep({.lr = 0}), std::invalid_argument);
  CHECK_THROWS_AS(ActivityPropagationStep({.warmup = -1}), std::invalid_argument);
}
