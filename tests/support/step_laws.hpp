// The laws that every training step joins with one line that is a rule by itself.
#pragma once

#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/step_registry.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/matrices.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/small_problem.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline Batch batch_of(const Dataset& data, Index count) {
  std::vector<Index> examples(static_cast<std::size_t>(count));
  std::iota(examples.begin(), examples.end(), Index{0});
  Batch batch;
  batch.reserve(data.features(), data.outputs(), count);
  batch.resize(count);
  data.gather(examples, batch);
  return batch;
}

struct TrainedByRule {
  Network network;
  TrainingResult result;
};

/// A network of four outputs trained on the small problem.
inline TrainedByRule train_by_rule(const std::string& rule, std::vector<Index> hidden,
                                   const std::string& activation, const std::string& optimizer_text,
                                   double lr, std::int64_t epochs, std::uint64_t seed = 1) {
  const SmallProblem data(130);
  const SmallProblem held_out(70, 2);
  const SoftmaxCrossEntropy loss;
  std::vector<Index> sizes = {6};
  sizes.insert(sizes.end(), hidden.begin(), hidden.end());
  sizes.push_back(4);
  Learning learning = make_learning(rule, "backward");
  TrainedByRule trained{mlp(sizes, {.rule = learning.feedback, .activation = activation, .seed = seed}), {}};
  const auto optimizer = make_optimizer(optimizer_text, lr);
  Trainer trainer(trained.network, loss, *optimizer, {.epochs = epochs, .batch_size = 16, .seed = seed},
                  std::move(learning.step));
  trained.result = trainer.fit(data, held_out);
  return trained;
}

/// Checks a rule that replaces the step, by name, beside the laws for all rules: it learns at any depth and
/// with any optimizer, with any activation at least twice as well as chance; without a hidden layer it is the
/// delta rule bit for bit; another seed gives other bits; errors come to every layer; and it serves no single
/// layers.
inline void check_step_laws(const std::string& rule) {
  CAPTURE(rule);
  for (const std::vector<Index>& hidden : {std::vector<Index>{}, {30}, {30, 20}, {30, 20, 15}}) {
    CAPTURE(hidden.size());
    CHECK(train_by_rule(rule, hidden, "tanh", "sgd", 0.1, 30).result.evaluation->accuracy.value() > 0.85);
  }
  for (const std::string& activation : activation_names()) {
    CAPTURE(activation);
    CHECK(train_by_rule(rule, {30, 20}, activation, "adam", 0.01, 40).result.evaluation->accuracy.value() >
          0.5);
  }
  for (const std::string& optimizer : optimizer_names()) {
    CAPTURE(optimizer);
    CHECK(train_by_rule(rule, {30, 20}, "tanh", optimizer, 0.01, 30).result.evaluation->accuracy.value() >
          0.7);
  }

  TrainedByRule delta_rule = train_by_rule("bp", {}, "tanh", "sgd:momentum=0.9", 0.1, 2);
  TrainedByRule no_hidden = train_by_rule(rule, {}, "tanh", "sgd:momentum=0.9", 0.1, 2);
  CHECK(same_bits(parameters_of(no_hidden.network), parameters_of(delta_rule.network)));

  const auto trained_from = [&](std::uint64_t seed) {
    TrainedByRule trained = train_by_rule(rule, {30, 20}, "tanh", "adam", 0.01, 2, seed);
    return parameters_of(trained.network);
  };
  CHECK(!same_bits(trained_from(1), trained_from(2)));

  Network network = mlp({6, 5, 5, 4});
  Sgd sgd;
  sgd.attach(network);
  const SoftmaxCrossEntropy loss;
  const auto step = make_step(rule);
  step->prepare(network, 10, 1);
  const Batch batch = batch_of(SmallProblem(10), 10);
  CHECK(std::isfinite(step->run(batch, {network, loss, sgd, 0, 1})));
  REQUIRE(step->last_pass() != nullptr);
  for (std::size_t l = 0; l < network.depth(); ++l) {
    CHECK(step->last_pass()->error(l).squaredNorm() > 0);
  }

  CHECK_THROWS_WITH_AS(make_learning(rule + "/fa", "backward"),
                       doctest::Contains("cannot serve a single layer"), std::invalid_argument);
  CHECK(make_learning(rule, "backward").kind == rule);
}

/// A layer with parameters but no weights.
class GainLayer final : public Layer {
 public:
  [[nodiscard]] std::string describe() const override { return "gain"; }
  [[nodiscard]] LayerShape shape(Index below) const override { return {.inputs = below, .outputs = below}; }
  void forward(ConstRef x, Ref y, Phase) override { y = gain_(0, 0) * x; }
  void backward(ConstRef, ConstRef, ConstRef from_above, Phase, Ref below) override {
    below = gain_(0, 0) * from_above;
  }
  void visit_parameters(ParameterVisitor visit) override { visit({"gain", gain_}); }

 private:
  Matrix gain_ = Matrix::Ones(1, 1);
};

/// Halves the number of units without weights.
class PairSums final : public Layer {
 public:
  [[nodiscard]] std::string describe() const override { return "pair sums"; }
  [[nodiscard]] LayerShape shape(Index below) const override {
    return {.inputs = below, .outputs = below / 2};
  }
  void forward(ConstRef x, Ref y, Phase) override { y = x.topRows(y.rows()) + x.bottomRows(y.rows()); }
  void backward(ConstRef, ConstRef, ConstRef from_above, Phase, Ref below) override {
    below.topRows(from_above.rows()) = from_above;
    below.bottomRows(from_above.rows()) = from_above;
  }
};

/// Why a rule refuses a network of two dense layers with the given layer between them.
template <class L>
std::string refusal_of(const std::string& rule) {
  Network network;
  network.add<Dense>(6, 4);
  network.add<L>();
  network.add<Dense>(network.outputs(), 3);
  network.initialize(1);
  try {
    make_step(rule)->prepare(network, 5, 1);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

}  // namespace SOAP_ABI
}  // namespace soap
