#include "soap/io/metrics_csv.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/io/csv.hpp"
#include "soap/nn/network.hpp"

#include "tests/support/temporary_folder.hpp"

using soap::Evaluation;
using soap::MetricsRecorder;
using soap::Observer;
using soap::RunOutcome;

namespace {

// Tells a recorder what a trainer would, with batches of 8 and losses that the test chooses.
class Run {
 public:
  explicit Run(Observer& recorder) : recorder_(recorder) {
    recorder_.run_started({.network = network_, .epochs = 2, .steps_per_epoch = 5});
  }
  void step(double loss) {
    ++step_;
    recorder_.step_ended({.network = network_,
                          .control = control_,
                          .epoch = epoch_,
                          .step = step_,
                          .examples = 8 * step_,
                          .loss = loss,
                          .lr = 0.1,
                          .seconds = seconds(),
                          .batch = batch_,
                          .learning = learning_});
  }
  void end_epoch(std::optional<Evaluation> evaluation) {
    recorder_.epoch_ended({.network = network_,
                           .control = control_,
                           .epoch = epoch_,
                           .step = step_,
                           .examples = 8 * step_,
                           .train_loss = 0,
                           .evaluation = evaluation,
                           .seconds = seconds()});
    ++epoch_;
  }
  void end(RunOutcome outcome = RunOutcome::ended) {
    recorder_.run_ended({.network = network_, .outcome = outcome});
  }

 private:
  [[nodiscard]] double seconds() const { return 0.25 * static_cast<double>(step_); }

  Observer& recorder_;
  soap::Network network_;
  soap::Batch batch_;
  soap::BackwardStep learning_;
  soap::TrainingControl control_;
  std::int64_t epoch_ = 1;
  std::int64_t step_ = 0;
};

MetricsRecorder recorder(std::int64_t log_interval) {
  return {{.rule = "sign:period=64", .step_kind = "backward", .lr = 0.1, .seed = 7}, log_interval};
}

const std::string label = "sign:period=64,backward,0.1,7,";

}  // namespace

TEST_CASE("the header names the columns of the design") {
  CHECK(soap::metrics_header() ==
        "rule,step_kind,lr,seed,epoch,step,examples,train_loss,test_loss,test_accuracy,seconds\n");
}

TEST_CASE("rows stand at every interval and at each epoch's end, with the mean loss since the row before") {
  auto rows = recorder(2);
  Run run(rows);
  for (const double loss : {5.0, 3.0, 2.0, 1.0, 0.5}) run.step(loss);
  run.end_epoch(Evaluation{.loss = 0.75, .accuracy = 0.5});
  for (const double loss : {0.25, 0.75, 0.5, 0.0, 1.0}) run.step(loss);
  run.end_epoch(Evaluation{.loss = 0.625, .accuracy = std::nullopt});
  run.end();
  // Step 5 ends an epoch between two intervals: its row has one step, and so has that of step 6.
  CHECK(rows.rows() == label + "1,2,16,4,,,0.500000\n" +               //
                           label + "1,4,32,1.5,,,1.000000\n" +         //
                           label + "1,5,40,0.5,0.75,0.5,1.250000\n" +  //
                           label + "2,6,48,0.25,,,1.500000\n" +        //
                           label + "2,8,64,0.625,,,2.000000\n" +       //
                           label + "2,10,80,0.5,0.625,,2.500000\n");
  CHECK(rows.curve().steps == std::vector<std::int64_t>{2, 4, 5, 6, 8, 10});
  CHECK(rows.curve().losses == std::vector<double>{4, 1.5, 0.5, 0.25, 0.625, 0.5});
}

TEST_CASE("an epoch that ends at an interval has one row there, with its evaluation") {
  auto rows = recorder(5);
  Run run(rows);
  for (const double loss : {1.0, 2.0, 3.0, 4.0, 5.0}) run.step(loss);
  run.end_epoch(Evaluation{.loss = 0.5, .accuracy = 1.0});
  run.end();
  CHECK(rows.rows() == label + "1,5,40,3,0.5,1,1.250000\n");
}

TEST_CASE("a run that is cut short keeps the steps since its last row") {
  for (const RunOutcome outcome : {RunOutcome::ended, RunOutcome::diverged}) {
    CAPTURE(static_cast<int>(outcome));
    auto rows = recorder(3);
    Run run(rows);
    for (const double loss : {1.0, 1.0, 1.0, 4.0, 2.0}) run.step(loss);
    run.end(outcome);
    CHECK(rows.rows() == label + "1,3,24,1,,,0.750000\n" + label + "1,5,40,3,,,1.250000\n");
  }
}

TEST_CASE("without held-out data an epoch's row has no evaluation, and a run without steps has no rows") {
  auto rows = recorder(10);
  {
    Run run(rows);
    run.step(2);
    run.end_epoch(std::nullopt);
    run.end();
    CHECK(rows.rows() == label + "1,1,8,2,,,0.250000\n");
  }
  // The same recorder starts afresh with the next run.
  Run run(rows);
  run.end(RunOutcome::diverged);
  CHECK(rows.rows().empty());
  CHECK(rows.curve().steps.empty());
}

TEST_CASE("a rule's name with a comma is quoted, and an interval below one step is refused") {
  MetricsRecorder rows({.rule = "a,b", .step_kind = "backward", .lr = 1e-7, .seed = 18446744073709551615U},
                       1);
  Run run(rows);
  run.step(1);
  run.end();
  CHECK(rows.rows() == "\"a,b\",backward,1e-07,18446744073709551615,1,1,8,1,,,0.250000\n");
  CHECK_THROWS_WITH_AS(recorder(0), "log interval: found 0, expected at least 1 step", std::invalid_argument);
}

TEST_CASE("a file of one run is written when the run has ended, and each run replaces the one before") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.csv";
  const auto file =
      soap::metrics_file(path, {.rule = "bp", .step_kind = "backward", .lr = 0.1, .seed = 1}, 2);
  for (const double loss : {3.0, 2.0}) {
    Run run(*file);
    for (int i = 0; i < 5; ++i) run.step(loss);
    if (loss == 3) CHECK_FALSE(std::filesystem::exists(path));
    run.end(RunOutcome::diverged);
    const auto table = soap::read_csv(path);
    REQUIRE(table.rows() == 3);
    CHECK(table.text(2, 0) == "bp");
    CHECK(table.number(2, 5) == 5);
    CHECK(table.number(2, 7) == loss);
  }
}
