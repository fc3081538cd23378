#include "soap/feedback/kolen_pollack.hpp"

#include <memory>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/trainer.hpp"
#include "soap/linalg/initializer.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/direct_feedback.hpp"
#include "tests/support/feedback_state.hpp"
#include "tests/support/feedbacks.hpp"
#include "tests/support/small_problem.hpp"

using namespace soap;

namespace {

// ||B - W^T|| of a network's uppermost layer.
double distance(Network& network) {
  Layer& top = network.layer(network.depth() - 1);
  return static_cast<double>((get_matrix(*top.feedback(), "B") - top.weights()->transpose()).norm());
}

// A user's own: its direct matrix learns beside the weights.
class DirectKolenPollack final : public Feedback {
 public:
  void initialize(const EdgeShape& edge, Rng& rng) override {
    B.resize(edge.in, edge.n_out);
    draw(Initializer::xavier_normal, edge.in, edge.n_out, rng, B);
  }
  [[nodiscard]] Way way(ConstRef) const override { return {B, Carries::output_error}; }
  void visit_parameters(ParameterVisitor visit) override { visit({"direct_B", B}); }
  void visit_gradients(const Lesson& lesson, GradientVisitor visit) override {
    visit(B, Gradient::outer(lesson.x, lesson.output_error));
  }
  Matrix B;
};

}  // namespace

TEST_CASE("kp has the optimizer train B with the transpose of the weights' gradient") {
  const auto feedback = initialized("kp", small_edge);
  const Matrix x = random_matrix(9, 5, 1);
  const Matrix delta = random_matrix(7, 5, 2);
  const Matrix B = get_matrix(*feedback, "B");
  std::vector<std::string> names;
  feedback->visit_parameters([&](Parameter parameter) {
    names.emplace_back(parameter.name);
    CHECK(same_bits(parameter.value, B));
  });
  CHECK(names == std::vector<std::string>{"B"});
  Matrix of_weights(7, 9);
  Gradient::outer(delta, x).accumulate(1, 0, of_weights);
  feedback->visit_gradients({Gradient::outer(delta, x), x, delta}, [&](Ref value, const Gradient& gradient) {
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

TEST_CASE("a direct matrix can learn from the activity below and the output's error") {
  Network network;
  network.add<Dense>(6, 9);
  network.add<Tanh>();
  auto& above = network.add<Dense>(9, 7, std::make_unique<DirectKolenPollack>());
  network.add<Tanh>();
  network.add<Dense>(7, 3);
  network.initialize(1);
  Workspace workspace(network, 5);
  network.forward(random_matrix(6, 5, 1), workspace, Phase::training);
  workspace.error(4) = random_matrix(3, 5, 2);
  network.backward(Matrix::Zero(3, 5), workspace);
  const Matrix& B = static_cast<DirectKolenPollack&>(above.rule()).B;
  CHECK(same_bits(workspace.error(1),
                  error_below(test::DirectFeedback(B, Carries::output_error), above.W(), workspace.error(2),
                              {workspace.error(4), workspace.error(4)})));
  Matrix change(9, 3);
  network.visit_feedback_gradients(workspace, [&](Ref value, const Gradient& gradient) {
    CHECK(value.data() == B.data());
    gradient.accumulate(1, 0, change);
  });
  CHECK(largest_difference(change, workspace.output(1) * workspace.error(4).transpose()) < 1e-5);
}
