#include "soap/feedback/weight_mirror.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/data/image_dataset.hpp"
#include "soap/data/synthetic_digits.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/feedbacks.hpp"

using namespace soap;

namespace {

// Between a B and the transpose of W.
double angle_in_degrees(const Matrix& B, const Matrix& W) {
  const Eigen::MatrixXd b = B.cast<double>().normalized();
  const Eigen::MatrixXd w = W.transpose().cast<double>().normalized();
  return std::acos(std::min(b.cwiseProduct(w).sum(), 1.0)) * 180 / 3.14159265;
}

}  // namespace

TEST_CASE("a phase adds noise times what the weights make of it, and then normalizes B") {
  const Matrix W = random_matrix(7, 9, 1);
  const auto feedback = initialized("wm:period=100:samples=20:rate=0.3:noise=0.7:gain=0.4", small_edge);
  const Matrix before = get_matrix(*feedback, "B");
  feedback->before_step(W, 0);
  feedback->before_step(W, 99);
  CHECK(same_bits(get_matrix(*feedback, "B"), before));

  // The stream from which the feedback was initialized.
  Rng rng(5, "feedback");
  Matrix start(9, 7);
  draw(Initializer::xavier_normal, 9, 7, rng, start);
  REQUIRE(same_bits(start, before));
  FreshRandom fresh;
  fresh.initialize(rng);
  Matrix x(9, 20);
  fresh.draw_normal(0.7, x);
  Matrix expected = before + Scalar(0.3 / 20) * x * (W * x).transpose();
  Matrix u(7, 20);
  fresh.draw_uniform(u);
  const Matrix activity = expected * u;
  double deviation = 0;
  for (Index j = 0; j < 20; ++j) {
    const auto column = activity.col(j).array();
    deviation += static_cast<double>(std::sqrt((column - column.mean()).square().mean())) / 20;
  }
  expected *= static_cast<Scalar>(0.4 / deviation);

  feedback->before_step(W, 100);
  CHECK(largest_difference(get_matrix(*feedback, "B"), expected) < 1e-5);
  const Matrix after = get_matrix(*feedback, "B");
  feedback->before_step(W, 199);
  CHECK(same_bits(get_matrix(*feedback, "B"), after));
  feedback->before_step(W, 200);
  CHECK_FALSE(same_bits(get_matrix(*feedback, "B"), after));
  CHECK(feedback->transported_bits(W, 100) == 0.0);
}

TEST_CASE("B comes to mirror weights that stay, and does not grow") {
  const ThreadCount threads(1);  // they would wait for each other most of the time
  const Matrix W = random_matrix(30, 60, 1, 0.2);
  const auto feedback = initialized("wm:period=1:samples=200", {.in = 60, .out = 30, .n_out = 3});
  CHECK(angle_in_degrees(get_matrix(*feedback, "B"), W) > 80);
  double norm = 0;
  for (std::int64_t t = 1; t <= 1000; ++t) {
    feedback->before_step(W, t);
    if (t == 100) norm = static_cast<double>(get_matrix(*feedback, "B").norm());
  }
  CHECK(angle_in_degrees(get_matrix(*feedback, "B"), W) < 12);
  CHECK(get_matrix(*feedback, "B").norm() == doctest::Approx(norm).epsilon(0.1));
}

TEST_CASE("below a single unit, too, B does not grow") {
  const Matrix W = random_matrix(4, 1, 1);
  const auto feedback = initialized("wm:period=1:samples=200", {.in = 1, .out = 4, .n_out = 3});
  for (std::int64_t t = 1; t <= 300; ++t) feedback->before_step(W, t);
  CHECK(get_matrix(*feedback, "B").norm() < 10);
  CHECK(angle_in_degrees(get_matrix(*feedback, "B"), W) < 15);
}

TEST_CASE("in a network that learns, B follows the upper layer's weights to within fifteen degrees") {
  const TrainTest digits = synthetic_digits({.train = 6400, .test = 10});
  Network network = mlp({784, 100, 10}, {.rule = "wm"});
  const SoftmaxCrossEntropy loss;
  Sgd sgd({.lr = 0.1});
  Trainer trainer(network, loss, sgd, {.epochs = 4, .batch_size = 64});
  trainer.fit(digits.train);
  Layer& top = network.layer(2);
  CHECK(angle_in_degrees(get_matrix(*top.feedback(), "B"), *top.weights()) < 15);
}

TEST_CASE("until its first phase, with the transposed weights, a mirror is backpropagation bit for bit") {
  const Matrix W = random_matrix(7, 9, 1);
  const Matrix delta = random_matrix(7, 5, 2);
  const auto feedback = initialized("wm", small_edge);
  REQUIRE(set_matrix(*feedback, "B", W.transpose()));
  feedback->before_step(W, 0);
  CHECK(same_bits(error_below(*feedback, W, delta), error_below(TransposeFeedback(), W, delta)));
}

TEST_CASE("a restored mirror goes on as the saved one would have, on any number of threads") {
  const EdgeShape large{.in = 90, .out = 70, .n_out = 3};
  const Matrix W = random_matrix(70, 90, 1);
  const auto one = initialized("wm:period=10", large);
  one->before_step(W, 10);
  const auto other = initialized("wm:period=10", large, 6);
  restore_state(*other, stored_state(*one));
  {
    const ThreadCount threads(1);
    one->before_step(W, 15);
    one->before_step(W, 20);
  }
  const ThreadCount threads(3);
  other->before_step(W, 15);
  other->before_step(W, 20);
  CHECK(same_bits(get_matrix(*other, "B"), get_matrix(*one, "B")));
}

TEST_CASE("wrong options of a weight mirror are refused") {
  for (const char* rule :
       {"wm:period=0", "wm:samples=0", "wm:rate=0", "wm:noise=0", "wm:gain=0", "wm:decay=1"}) {
    CAPTURE(rule);
    CHECK_THROWS_AS(make_feedback(rule), std::invalid_argument);
  }
  CHECK_THROWS_AS(WeightMirrorFeedback({.period = 0}), std::invalid_argument);
  CHECK_THROWS_AS(WeightMirrorFeedback({.samples = 0}), std::invalid_argument);
  CHECK_THROWS_AS(WeightMirrorFeedback({.rate = -1}), std::invalid_argument);
}
