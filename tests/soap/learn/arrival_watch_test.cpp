#include "soap/learn/arrival_watch.hpp"

#include <doctest/doctest.h>

#include "soap/nn/mlp.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/step_laws.hpp"

using namespace soap;

TEST_CASE("a way is given up after a thousand examples of which nothing arrived, and never once any did") {
  ArrivalWatch watch;
  watch.start(2);
  CHECK_FALSE(watch.gives_up(0, false, 999));
  CHECK_FALSE(watch.gives_up(1, false, 999));
  CHECK_FALSE(watch.gives_up(1, true, 64));
  CHECK(watch.doubts(0));
  CHECK_FALSE(watch.doubts(1));
  CHECK(watch.gives_up(0, false, 1));

  watch.start(2);
  CHECK_FALSE(watch.gives_up(0, false, 999));
  CHECK(watch.doubts(1));
}

TEST_CASE("a minibatch whose units all stand still ends no run") {
  // The only example's units are dead in either hidden layer, or in both.
  for (const char* rule : {"bp", "sparse:density=0.5", "dfa", "dtp", "pepita"}) {
    for (const int dead : {1, 2, 3}) {
      CAPTURE(rule);
      CAPTURE(dead);
      const Learning learning = make_learning(rule, "backward");
      Network network = mlp({6, 5, 3, 4}, {.rule = learning.feedback, .activation = "relu"});
      network.visit_parameters([&](Parameter parameter) {
        if (parameter.name == "layers.0.bias" && dead % 2 == 1) parameter.value.setConstant(-100);
        if (parameter.name == "layers.2.bias" && dead >= 2) parameter.value.setConstant(-100);
      });
      const SoftmaxCrossEntropy loss;
      Sgd sgd;
      sgd.attach(network);
      learning.step->prepare(network, 1, 1);
      const Batch batch = batch_of(SmallProblem(1), 1);
      CHECK_NOTHROW(learning.step->run(batch, {network, loss, sgd, 0, 1}));
    }
  }
}
