#include "soap/learn/observer.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/trainer.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/cross_entropy.hpp"
#include "tests/support/matrices.hpp"
#include "tests/support/small_problem.hpp"

using namespace soap;

namespace {

using Steps = std::vector<std::int64_t>;

// Plays epochs with these held-out losses to an observer; returns how many it let happen.
std::size_t epochs_survived(Observer& observer, Network& network, const std::vector<double>& losses) {
  TrainingControl control;
  observer.run_started({network, 100, 1});
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const auto epoch = static_cast<std::int64_t>(i + 1);
    network.visit_parameters(
        [&](Parameter parameter) { parameter.value.setConstant(static_cast<Scalar>(epoch)); });
    observer.epoch_ended({network, control, epoch, epoch, epoch, 0, Evaluation{losses[i], std::nullopt}, 0});
    if (control.stop_requested()) {
      observer.run_ended({network, soap::RunOutcome::ended});
      return i + 1;
    }
  }
  observer.run_ended({network, soap::RunOutcome::ended});
  return losses.size();
}

Scalar first_weight(Network& network) { return (*network.layer(0).weights())(0, 0); }

}  // namespace

TEST_CASE("callbacks come every step, every k steps, at given steps and every epoch") {
  const SmallProblem data(50);
  Network network = mlp({6, 4});
  Sgd sgd;
  Trainer trainer(network, cross_entropy, sgd, {.epochs = 2, .batch_size = 10});
  Steps every;
  Steps thirds;
  Steps given;
  Steps epochs;
  trainer.observe(every_step([&](const StepEnd& event) { every.push_back(event.step); }));
  trainer.observe(every_steps(3, [&](const StepEnd& event) { thirds.push_back(event.step); }));
  trainer.observe(at_steps({7, 1, 99}, [&](const StepEnd& event) { given.push_back(event.step); }));
  trainer.observe(every_epoch([&](const EpochEnd& event) { epochs.push_back(event.epoch); }));
  trainer.fit(data);
  CHECK(every == Steps{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(thirds == Steps{3, 6, 9});
  CHECK(given == Steps{1, 7});
  CHECK(epochs == Steps{1, 2});
  CHECK_THROWS_AS(every_steps(0, [](const StepEnd&) {}), std::invalid_argument);
}

TEST_CASE("an observer can stop a run in the middle of an epoch or at its end") {
  const SmallProblem data(50);
  for (const std::int64_t last : {3, 5}) {
    Network network = mlp({6, 4});
    Sgd sgd;
    Trainer trainer(network, cross_entropy, sgd, {.epochs = 2, .batch_size = 10});
    trainer.observe(at_steps({last}, [](const StepEnd& event) { event.control.stop(); }));
    const TrainingResult result = trainer.fit(data, data);
    CHECK(result.stopped);
    CHECK(result.steps == last);
    CHECK(result.epochs == (last == 5 ? 1 : 0));
    CHECK(result.evaluation.has_value() == (last == 5));
  }
}

TEST_CASE("an exception of an observer reaches the caller") {
  const SmallProblem data(50);
  Network network = mlp({6, 4});
  Sgd sgd;
  Trainer trainer(network, cross_entropy, sgd);
  trainer.observe(every_step([](const StepEnd&) { throw std::out_of_range("mine"); }));
  CHECK_THROWS_WITH_AS(trainer.fit(data), "mine", std::out_of_range);
}

TEST_CASE("early stop waits for `patience` epochs without improvement") {
  Network network = mlp({6, 4});
  CHECK(epochs_survived(*early_stop({.patience = 2}), network, {5, 4, 4, 3, 3.5, 3.2, 1}) == 6);
  CHECK(epochs_survived(*early_stop({.patience = 1, .least_improvement = 0.5}), network, {5, 4, 3.7, 1}) ==
        3);
  CHECK(epochs_survived(*early_stop({.patience = 3}), network, {5, 6, 4, 5, 5}) == 5);
  CHECK_THROWS_AS(early_stop({.patience = 0}), std::invalid_argument);
}

TEST_CASE("best weights come back when the run ends") {
  Network network = mlp({6, 4});
  CHECK(epochs_survived(*best_weights(), network, {5, 3, 4, 3.5}) == 4);
  CHECK(first_weight(network) == 2);
}

TEST_CASE("early stop and best weights need held-out data") {
  const SmallProblem data(50);
  for (const bool early : {true, false}) {
    Network network = mlp({6, 4});
    Sgd sgd;
    Trainer trainer(network, cross_entropy, sgd);
    trainer.observe(early ? early_stop() : best_weights());
    CHECK_THROWS_AS(trainer.fit(data), std::logic_error);
  }
}
