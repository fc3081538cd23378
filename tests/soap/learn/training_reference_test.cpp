// Thirty training steps of a 20-16-12-4 tanh network against the reference, rule by rule.
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/step.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

// The reference's descent for Kolen-Pollack: matrices decay and biases do not, W = keep·W - lr·G.
class DecayingMatrices final : public Optimizer {
 public:
  DecayingMatrices(double lr, double keep) : Optimizer(lr, {}), keep_(static_cast<Scalar>(keep)) {}

 private:
  void update(Ref value, const Gradient& gradient, std::vector<Matrix>&, double lr) override {
    gradient.accumulate(static_cast<Scalar>(-lr), value.cols() > 1 ? keep_ : Scalar{1}, value);
  }
  Scalar keep_;
};

// What the reference stores for the feedback of the dense layer at that place from below, under the name that
// the rule's state has for it.
void set_stored_feedback(Feedback& feedback, const nlohmann::json& figures, std::size_t dense) {
  const std::string rule = feedback.rule().substr(0, feedback.rule().find(':'));
  const auto& B = figures.at("B").at(dense);
  if (rule == "dfa" || rule == "drtp") {
    REQUIRE(set_matrix(feedback, "direct_B", golden_transposed(figures.at("direct_B").at(dense - 1))));
  } else if (rule == "frsf") {
    REQUIRE(set_matrix(feedback, "magnitudes", golden_matrix(B)));
  } else if (rule != "bp" && rule != "usf") {
    REQUIRE(set_matrix(feedback, "B", golden_transposed(B)));
  }
}

}  // namespace

TEST_CASE("training under each rule follows the reference, loss by loss and weight by weight") {
  const auto& figures = golden().at("training");
  const auto labels = figures.at("labels").get<std::vector<std::int32_t>>();
  const Matrix inputs = golden_transposed(figures.at("X"));
  const Index batch_size = figures.at("batch").get<Index>();
  const std::map<std::string, std::string> our_names = {{"bp", "bp"},
                                                        {"fa", "fa"},
                                                        {"sign_period_5", "sign:period=40"},
                                                        {"sign_norm_period_5", "sign:period=40:scale=norm"},
                                                        {"usf", "usf"},
                                                        {"frsf", "frsf"},
                                                        {"dfa", "dfa"},
                                                        {"drtp", "drtp"},
                                                        {"kolen_pollack", "kp"}};
  for (const auto& item : our_names) {
    const std::string& name = item.first;
    const auto& rule = item.second;
    CAPTURE(name);
    const auto& figure = figures.at("rules").at(name);
    Network network = mlp(figures.at("sizes").get<std::vector<Index>>(), {.rule = rule});
    std::size_t dense = 0;
    for (std::size_t l = 0; l < network.depth(); ++l) {
      if (network.layer(l).feedback() == nullptr) continue;
      network.layer(l).visit_parameters([&](Parameter shown) {
        shown.value.setZero();
        if (shown.name == "weight") shown.value = golden_matrix(figures.at("W").at(dense));
      });
      if (dense > 0) set_stored_feedback(*network.layer(l).feedback(), figures, dense);
      ++dense;
    }

    const SoftmaxCrossEntropy loss;
    const auto lr = figures.at("lr").get<double>();
    Sgd sgd({.lr = lr});
    DecayingMatrices decaying(lr, 0.99);
    Optimizer& optimizer = rule == "kp" ? static_cast<Optimizer&>(decaying) : sgd;
    optimizer.attach(network);
    BackwardStep step;
    step.prepare(network, batch_size, 1);
    Batch batch;
    batch.reserve(inputs.rows(), 4, batch_size);
    batch.resize(batch_size);
    const auto losses = figure.at("losses").get<std::vector<double>>();
    for (std::size_t t = 0; t < losses.size(); ++t) {
      const Index first = static_cast<Index>(t) * batch_size;
      batch.inputs() = inputs.middleCols(first, batch_size);
      for (Index i = 0; i < batch_size; ++i) batch.set_label(i, labels[static_cast<std::size_t>(first + i)]);
      CAPTURE(t);
      const double found = step.run(batch, {network, loss, optimizer, first, 1});
      CHECK(std::abs(found - losses[t]) < golden_tolerance);
    }

    dense = 0;
    for (std::size_t l = 0; l < network.depth(); ++l) {
      if (network.layer(l).feedback() == nullptr) continue;
      network.layer(l).visit_parameters([&](Parameter shown) {
        const auto& expected = figure.at(shown.name == "weight" ? "final_W" : "final_bias").at(dense);
        CHECK(largest_difference(shown.value, golden_matrix(expected)) < golden_tolerance);
      });
      if (rule == "kp" && dense > 0) {
        CHECK(largest_difference(get_matrix(*network.layer(l).feedback(), "B"),
                                 golden_transposed(figure.at("final_B").at(dense))) < golden_tolerance);
      }
      ++dense;
    }
  }
}
