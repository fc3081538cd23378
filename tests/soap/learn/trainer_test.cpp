#include "soap/learn/trainer.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <new>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/cross_entropy.hpp"
#include "tests/support/feedback_state.hpp"
#include "tests/support/instruction_sets.hpp"
#include "tests/support/matrices.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/small_problem.hpp"

using namespace soap;

namespace {

struct Trained {
  Network network;
  TrainingResult result;
  std::vector<double> losses;
};

Trained train(const std::string& rule, const TrainerOptions& options,
              const std::string& optimizer_text = "sgd") {
  const SmallProblem data(130);
  const SmallProblem held_out(70, 2);
  Trained trained{mlp({6, 40, 30, 4}, {.rule = rule, .seed = options.seed}), {}, {}};
  const auto optimizer = make_optimizer(optimizer_text, 0.1);
  Trainer trainer(trained.network, cross_entropy, *optimizer, options);
  trainer.observe(every_step([&](const StepEnd& event) { trained.losses.push_back(event.loss); }));
  trained.result = trainer.fit(data, held_out);
  return trained;
}

// A dataset that shows which examples were asked for.
class Recorded final : public Dataset {
 public:
  explicit Recorded(Index count) : data_(count) {}
  [[nodiscard]] Index size() const override { return data_.size(); }
  [[nodiscard]] Index features() const override { return data_.features(); }
  [[nodiscard]] Index outputs() const override { return data_.outputs(); }
  void gather(std::span<const Index> examples, Batch& batch) const override {
    batches.emplace_back(examples.begin(), examples.end());
    data_.gather(examples, batch);
  }
  mutable std::vector<std::vector<Index>> batches;

 private:
  SmallProblem data_;
};

}  // namespace

TEST_CASE("every rule and every optimizer learns a small problem") {
  for (const char* rule : {"bp", "fa", "sign:period=260", "sign:period=260:scale=norm"}) {
    CAPTURE(rule);
    const Trained trained = train(rule, {.epochs = 30, .batch_size = 16});
    CHECK(trained.result.evaluation->accuracy.value() > 0.9);
    CHECK(trained.losses.back() < 0.5 * trained.losses.front());
  }
  for (const char* optimizer : {"sgd:momentum=0.9", "sgd:momentum=0.9:nesterov=yes", "sgd:manhattan=yes",
                                "sgd:layers=1/0.5", "adam", "adamw", "rmsprop"}) {
    CAPTURE(optimizer);
    const SmallProblem data(130);
    Network network = mlp({6, 20, 4});
    const auto made = make_optimizer(optimizer, 0.01);
    const TrainingResult result =
        Trainer(network, cross_entropy, *made, {.epochs = 30, .batch_size = 16}).fit(data, data);
    CHECK(result.evaluation->accuracy.value() > 0.9);
  }
}

TEST_CASE("an epoch visits every example once, in a new order and in batches of even size") {
  const Recorded data(23);
  Network network = mlp({6, 4});
  Sgd sgd;
  const TrainingResult result =
      Trainer(network, cross_entropy, sgd, {.epochs = 2, .batch_size = 10}).fit(data);
  REQUIRE(data.batches.size() == 6);
  std::vector<std::vector<Index>> epochs(2);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(data.batches[i].size() == (i % 3 == 2 ? 7 : 8));  // 23 = 8 + 8 + 7
    epochs[i / 3].insert(epochs[i / 3].end(), data.batches[i].begin(), data.batches[i].end());
  }
  for (const auto& epoch : epochs) CHECK(std::set<Index>(epoch.begin(), epoch.end()).size() == 23);
  CHECK(epochs[0] != epochs[1]);
  CHECK(result.epochs == 2);
  CHECK(result.steps == 6);
  CHECK(result.examples == 46);
  CHECK(!result.evaluation);
  CHECK(!result.stopped);
}

TEST_CASE("the last batch may be as small as it comes, as in runs that are compared with PyTorch's") {
  const Recorded data(23);
  Network network = mlp({6, 4});
  Sgd sgd;
  const TrainingResult result =
      Trainer(network, cross_entropy, sgd, {.batch_size = 10, .batch_sizes = soap::BatchSizes::full_but_last})
          .fit(data);
  REQUIRE(data.batches.size() == 3);
  CHECK(data.batches[0].size() == 10);
  CHECK(data.batches[2].size() == 3);
  CHECK(result.examples == 23);
}

TEST_CASE("a second fit goes on: other orders, and the count of examples that refreshes feedback") {
  const Recorded data(64);
  Network network = mlp({6, 5, 4}, {.rule = "sign:period=100"});
  Sgd sgd;
  Trainer trainer(network, cross_entropy, sgd);
  for (int i = 0; i < 3; ++i) trainer.fit(data);
  REQUIRE(data.batches.size() == 3);
  CHECK(data.batches[0] != data.batches[1]);
  const Matrix B = get_matrix(*network.layer(2).feedback(), "B");
  CHECK(B.cwiseAbs() == Matrix::Ones(5, 4));
}

TEST_CASE("a run that an error ends is ended for its observers too") {
  const SmallProblem data(10);
  Network network = mlp({6, 4});
  Sgd sgd;
  Trainer trainer(network, cross_entropy, sgd);
  class Counter final : public Observer {
   public:
    void step_ended(const StepEnd&) override { throw std::runtime_error("mine"); }
    void run_ended(const RunEnd&) override { ++ended; }
    int ended = 0;
  } counter;
  trainer.observe(counter);
  CHECK_THROWS_WITH_AS(trainer.fit(data), "mine", std::runtime_error);
  CHECK(counter.ended == 1);
}

namespace {

// A step that throws the given error when it is asked for the third time.
template <class Error>
class GivesUp final : public LearningStep {
 public:
  explicit GivesUp(Error error) : error_(std::move(error)) {}
  [[nodiscard]] std::string kind() const override { return "gives up"; }
  void prepare(Network&, Index, std::uint64_t) override {}
  double run(const Batch&, const StepContext&) override {
    if (++steps_ == 3) throw error_;
    return 1;
  }

 private:
  Error error_;
  int steps_ = 0;
};

// How the observers hear of the end of a run that ends with Thrown.
template <class Thrown, class Error>
RunOutcome outcome_of(Error error, const std::string& sentence) {
  const SmallProblem data(20);
  Network network = mlp({6, 4});
  Sgd sgd;
  Trainer trainer(network, cross_entropy, sgd, {.epochs = 2, .batch_size = 10},
                  std::make_unique<GivesUp<Error>>(std::move(error)));
  class Listener final : public Observer {
   public:
    void run_ended(const RunEnd& event) override { outcome = event.outcome; }
    RunOutcome outcome = RunOutcome::ended;
  } listener;
  trainer.observe(listener);
  CHECK_THROWS_WITH_AS(trainer.fit(data), doctest::Contains(sentence.c_str()), Thrown);
  return listener.outcome;
}

}  // namespace

TEST_CASE(
    "a step that cannot go on fails with epoch, step and reason, and the machine's faults pass through") {
  const std::string sentence = "training cannot go on at epoch 2, step 3: no way down";
  CHECK(outcome_of<StepFailed>(std::invalid_argument("no way down"), sentence) == RunOutcome::failed);
  CHECK(outcome_of<StepFailed>(std::runtime_error("no way down"), sentence) == RunOutcome::failed);
  CHECK(outcome_of<std::bad_alloc>(std::bad_alloc(), "") == RunOutcome::interrupted);
  CHECK(outcome_of<IoError>(IoError("there", IoError::no_offset, "a full disk", "room"), "a full disk") ==
        RunOutcome::interrupted);
}

TEST_CASE("a batch larger than the data holds all of them") {
  const Recorded data(5);
  Network network = mlp({6, 4});
  Sgd sgd;
  CHECK(Trainer(network, cross_entropy, sgd, {.batch_size = 64}).fit(data).steps == 1);
}

TEST_CASE("training gives the same bits when repeated, on any number of threads, and side by side") {
  struct Setting {
    const char* rule;
    const char* optimizer;
    Index examples;
    Index batch_size;
  };
  // The layers are large enough that products and activations are split between threads.
  for (const Setting& setting :
       {Setting{"bp", "sgd:weight_decay=0.01", 300, 64}, Setting{"fa", "adam", 200, 64},
        Setting{"sign:period=128:scale=norm", "sgd:momentum=0.9", 300, 64}, Setting{"bp", "sgd", 20, 1}}) {
    CAPTURE(std::string(setting.rule));
    CAPTURE(setting.batch_size);
    const SmallProblem data(setting.examples);
    const auto run = [&] {
      Network network = mlp({6, 310, 290, 4}, {.rule = setting.rule});
      const auto made = make_optimizer(setting.optimizer, 0.01);
      Trainer(network, cross_entropy, *made, {.epochs = 1, .batch_size = setting.batch_size}).fit(data);
      return network;
    };
    for_each_instruction_set([&] {
      Network one = [&] {
        const ThreadCount threads(1);
        return run();
      }();
      for (const int count : {1, 2, 5}) {
        CAPTURE(count);
        const ThreadCount threads(count);
        Network again = run();
        CHECK(same_parameters(one, again));
      }
      std::vector<Network> side_by_side(3);
      std::vector<std::thread> crew;
      crew.reserve(side_by_side.size());
      for (auto& network : side_by_side) crew.emplace_back([&] { network = run(); });
      for (auto& worker : crew) worker.join();
      for (auto& network : side_by_side) CHECK(same_parameters(one, network));
    });
  }
}

TEST_CASE("another seed gives another order and other weights") {
  const Trained first = train("bp", {.seed = 1});
  const Trained second = train("bp", {.seed = 2});
  CHECK(first.losses != second.losses);
}

TEST_CASE("the final training loss is the mean of the last hundred steps, or of all when there are fewer") {
  for (const std::int64_t epochs : {2, 30}) {
    const Trained trained = train("bp", {.epochs = epochs, .batch_size = 16});
    double sum = 0;
    const std::size_t count = std::min<std::size_t>(100, trained.losses.size());
    for (std::size_t i = trained.losses.size() - count; i < trained.losses.size(); ++i)
      sum += trained.losses[i];
    CHECK(trained.result.final_train_loss == doctest::Approx(sum / static_cast<double>(count)));
  }
}

TEST_CASE("the schedule scales the learning rate of each step") {
  const SmallProblem data(40);
  Network network = mlp({6, 4});
  Sgd sgd({.lr = 0.5});
  Trainer trainer(network, cross_entropy, sgd,
                  {.epochs = 2, .batch_size = 10, .schedule = [](const TrainingProgress& progress) {
                     CHECK(progress.steps_per_epoch == 4);
                     CHECK(progress.total_steps == 8);
                     return 1.0 / static_cast<double>(progress.step + 1);
                   }});
  std::vector<double> rates;
  trainer.observe(every_step([&](const StepEnd& event) { rates.push_back(event.lr); }));
  trainer.fit(data);
  REQUIRE(rates.size() == 8);
  CHECK(rates[0] == 0.5);
  CHECK(rates[3] == 0.125);
}

TEST_CASE("evaluation is the mean over all held-out examples, however they are cut into batches") {
  const SmallProblem data(101);
  Network network = mlp({6, 5, 4});
  const Evaluation whole = Evaluator(network, data, 101).evaluate(network, cross_entropy);
  const Evaluation cut = Evaluator(network, data, 17).evaluate(network, cross_entropy);
  CHECK(cut.loss == doctest::Approx(whole.loss).epsilon(1e-6));
  CHECK(cut.accuracy == whole.accuracy);
}

TEST_CASE("a loss that is not finite stops the run with epoch, step and layer") {
  const SmallProblem data(40);
  Network network = mlp({6, 5, 4}, {.activation = "relu"});
  Sgd sgd({.lr = 1e30});
  Trainer trainer(network, cross_entropy, sgd, {.epochs = 3, .batch_size = 10});
  bool told = false;
  class Told final : public Observer {
   public:
    explicit Told(bool& told) : told_(told) {}
    void run_ended(const RunEnd& event) override { told_ = event.outcome == RunOutcome::diverged; }

   private:
    bool& told_;
  } observer(told);
  trainer.observe(observer);
  try {
    trainer.fit(data);
    FAIL("the run did not diverge");
  } catch (const Diverged& diverged) {
    CHECK(diverged.step() >= 2);
    CHECK(diverged.epoch() == (diverged.step() - 1) / 4 + 1);
    CHECK(diverged.layer().find("layer ") == 0);
    CHECK(std::string(diverged.what())
              .find("training diverged at epoch " + std::to_string(diverged.epoch()) + ", step ") == 0);
  }
  CHECK(told);
}

TEST_CASE("the lowest layer that is not finite is the one named") {
  const SmallProblem data(10);
  Network network = mlp({6, 5, 4});
  network.visit_parameters([](Parameter parameter) {
    if (parameter.name == "layers.2.weight") parameter.value(1, 2) = std::numeric_limits<Scalar>::quiet_NaN();
  });
  Sgd sgd;
  CHECK_THROWS_WITH_AS(Trainer(network, cross_entropy, sgd).fit(data),
                       "training diverged at epoch 1, step 1: the loss is nan, first in layer 2 (dense 5-4)",
                       Diverged);
}

TEST_CASE("a last update that spoils the weights is noticed too") {
  const SmallProblem data(10);
  Network network = mlp({6, 4});
  Sgd sgd;
  Trainer trainer(network, cross_entropy, sgd);
  trainer.observe(every_step([](const StepEnd& event) {
    event.network.visit_parameters(
        [](Parameter parameter) { parameter.value(0, 0) = std::numeric_limits<Scalar>::infinity(); });
  }));
  CHECK_THROWS_WITH_AS(
      trainer.fit(data),
      "training diverged at epoch 1, step 1: a weight is not finite, first in layer 0 (dense 6-4)", Diverged);
}

TEST_CASE("the trainer refuses settings and data that do not fit") {
  const SmallProblem data(10);
  Network network = mlp({6, 4});
  Sgd sgd;
  CHECK_THROWS_AS(Trainer(network, cross_entropy, sgd, {.epochs = 0}), std::invalid_argument);
  CHECK_THROWS_AS(Trainer(network, cross_entropy, sgd, {.batch_size = 0}), std::invalid_argument);
  CHECK_THROWS_AS(Trainer(network, cross_entropy, sgd, {.schedule = nullptr}), std::invalid_argument);
  CHECK_THROWS_WITH_AS(Trainer(network, cross_entropy, sgd, {}, nullptr),
                       "trainer: found no step, expected one", std::invalid_argument);
  CHECK_THROWS_AS(Trainer(network, cross_entropy, sgd).observe(nullptr), std::invalid_argument);
  CHECK_THROWS_AS(Evaluator(network, data, 0), std::invalid_argument);
  CHECK_THROWS_AS((void)evaluate(network, cross_entropy, SmallProblem(0)), std::invalid_argument);
  Network narrow = mlp({5, 4});
  CHECK_THROWS_WITH_AS(Trainer(narrow, cross_entropy, sgd).fit(data),
                       "training data: found 6 features and 4 outputs, the network expects 5 and 4",
                       std::invalid_argument);
  CHECK_THROWS_AS(Trainer(network, cross_entropy, sgd).fit(data, SmallProblem(0)), std::invalid_argument);
  CHECK_THROWS_WITH_AS(Trainer(network, cross_entropy, sgd).resume(nullptr, data),
                       "trainer: found nothing that restores a run, expected it", std::invalid_argument);
  CHECK_THROWS_AS(Trainer(network, cross_entropy, sgd).resume(nullptr, data, data), std::invalid_argument);
}
