#include "soap/feedback/kolen_pollack.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/trainer.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/feedbacks.hpp"
#include "tests/support/small_problem.hpp"

using namespace soap;

namespace {

constexpr EdgeShape edge{.in = 9, .out = 7, .n_out = 3};

// ||B - W^T|| of a network's uppermost layer.
double distance(Network& network) {
  Layer& top = network.layer(network.depth() - 1);
  return static_cast<double>((get_matrix(*top.feedback(), "B") - top.weights()->transpose()).norm());
}

}  // namespace

TEST_CASE("kp has the optimizer train B with the transpose of the weights' gradient") {
  const auto feedback = initialized("kp", edge);
  const Matrix x = random_matrix(9, 5, 1);
  const Matrix delta = random_matrix(7, 5, 2);
  const Matrix B = get_matrix(*feedback, "B");
  std::vector<std::string> names;
  feedback->visit_parameters([&](std::string_view name, Ref value) {
    names.emplace_back(name);
    CHECK(same_bits(value, B));
  });
  CHECK(names == std::vector<std::string>{"B"});
  Matrix of_weights(7, 9);
  Gradient::outer(delta, x).accumulate(1, 0, of_weights);
  feedback->visit_gradients(x, delta, [&](Ref value, const Gradient& gradient) {
    Matrix of_B(9, 7);
    gradient.accumulate(1, 0, of_B);
    CHECK(same_bits(of_B, of_weights.transpose()));
    gradient.accumulate(-1, 1, value);
    CHECK(same_bits(get_matrix(*feedback, "B"), value));
    CHECK_FALSE(same_bits(value, B));
  });
  CHECK(feedback->transported_bits(random_matrix(7, 9, 1), 10) == 0.0);
}

TEST_CASE("under weight decay B and the transposed weights come together, whatever the optimizer") {
  const SmallProblem data(400);
  const SoftmaxCrossEntropy loss;
  for (const char* name : {"sgd:weight_decay=0.05", "sgd:momentum=0.9:weight_decay=0.05",
                           "sgd:momentum=0.9:nesterov=yes:weight_decay=0.05", "adamw:weight_decay=0.5"}) {
    CAPTURE(name);
    const bool adaptive = std::string_view(name).starts_with("adamw");
    Network network = mlp({6, 12, 8, 4}, {.rule = "kp"});
    const auto optimizer = make_optimizer(name, adaptive ? 0.02 : 0.05);
    const double before = distance(network);
    Trainer trainer(network, loss, *optimizer, {.epochs = 40, .batch_size = 8});
    trainer.fit(data);
    CHECK(distance(network) < 0.05 * before);
  }
}

TEST_CASE("without weight decay B keeps its distance to the transposed weights") {
  const SmallProblem data(400);
  const SoftmaxCrossEntropy loss;
  Network network = mlp({6, 12, 8, 4}, {.rule = "kp"});
  Sgd sgd({.lr = 0.1});
  const double before = distance(network);
  Trainer trainer(network, loss, sgd, {.epochs = 5, .batch_size = 8});
  trainer.fit(data);
  CHECK(distance(network) == doctest::Approx(before).epsilon(1e-4));
}

TEST_CASE("where B is the transposed weights kp stays backpropagation, step after step") {
  const SmallProblem data(64);
  const SoftmaxCrossEntropy loss;
  const auto trained = [&](const char* rule) {
    Network network = mlp({6, 12, 8, 4}, {.rule = rule});
    for (std::size_t l = 1; l < network.depth(); ++l) {
      Layer& layer = network.layer(l);
      if (layer.feedback() != nullptr) set_matrix(*layer.feedback(), "B", layer.weights()->transpose());
    }
    Sgd sgd({.lr = 0.1, .momentum = 0.9});
    Trainer trainer(network, loss, sgd, {.epochs = 3, .batch_size = 8});
    trainer.fit(data);
    return network;
  };
  Network kp = trained("kp");
  Network bp = trained("bp");
  for (std::size_t l = 0; l < bp.depth(); ++l) {
    if (bp.layer(l).weights() != nullptr) CHECK(same_bits(*kp.layer(l).weights(), *bp.layer(l).weights()));
  }
}

TEST_CASE("kp takes the parameters of fa and no others") {
  CHECK_NOTHROW(make_feedback("kp:init=kaiming_uniform"));
  CHECK_THROWS_AS(make_feedback("kp:decay=0.1"), std::invalid_argument);
}
