#include "soap/trial/trial_files.hpp"

#include <set>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/trial_digits.hpp"

using namespace soap;

namespace fs = std::filesystem;

using test::trial_digits;

namespace {

const TrialOptions three_epochs = {.rule = "fa", .hidden = {12}, .lr = 0.1, .batch_size = 16, .epochs = 3};

TrialResult run_with(const TrialFiles& files, std::int64_t stop_after = 0,
                     const TrialOptions& trial = three_epochs) {
  std::vector<std::unique_ptr<Observer>> observers;
  observers.push_back(every_step([=](const StepEnd& event) {
    if (event.step == stop_after) event.control.stop();
  }));
  return run_trial(trial, trial_digits().train, trial_digits().test, std::move(observers), files);
}

}  // namespace

TEST_CASE(
    "a trial that was stopped goes on from its checkpoint, and one that has a result is not run again") {
  const test::TemporaryFolder folder;
  const TrialFiles files{.model = folder.path() / "m/model",
                         .checkpoint = folder.path() / "c/checkpoint",
                         .checkpoint_every = 1000,
                         .data = "data"};
  CHECK(saved_state(files, three_epochs) == Saved::nothing);
  CHECK(run_with(files, 20).status == TrialStatus::stopped);
  CHECK(saved_state(files, three_epochs) == Saved::run);
  CHECK(!fs::exists(files.model));

  const TrialResult finished = run_with(files);
  CHECK(saved_state(files, three_epochs) == Saved::result);
  CHECK(fs::exists(files.model));
  const TrialResult whole = run_with({});
  CHECK(finished.status == TrialStatus::finished);
  CHECK(finished.curve.losses == whole.curve.losses);
  CHECK(finished.final_train_loss == whole.final_train_loss);

  fs::remove(files.model);
  const TrialResult again = run_with(files, 1);
  CHECK(!fs::exists(files.model));
  CHECK(again.status == TrialStatus::finished);
  CHECK(again.options.rule == "fa");
  CHECK(again.options.step == finished.options.step);
  CHECK(again.epochs == 3);
  CHECK(again.final_train_loss == finished.final_train_loss);
  CHECK(again.test->loss == finished.test->loss);
  CHECK(again.test->accuracy == finished.test->accuracy);
  CHECK(again.examples_per_second == finished.examples_per_second);
  CHECK(again.curve.steps == finished.curve.steps);
  CHECK(again.curve.losses == finished.curve.losses);
  CHECK(again.metrics_rows == finished.metrics_rows);
}

TEST_CASE("a trial that diverged has that for a result") {
  const test::TemporaryFolder folder;
  const TrialFiles files{.model = folder.path() / "model", .checkpoint = folder.path() / "checkpoint"};
  TrialOptions wild = three_epochs;
  wild.lr = 1e30;
  wild.activation = "relu";
  const TrialResult diverged = run_with(files, 0, wild);
  REQUIRE(diverged.status == TrialStatus::diverged);
  CHECK(!fs::exists(files.model));
  const TrialResult again = run_with(files, 0, wild);
  CHECK(again.status == TrialStatus::diverged);
  CHECK(again.message == diverged.message);
  CHECK(again.metrics_rows == diverged.metrics_rows);
  CHECK_FALSE(again.test.has_value());
  CHECK_FALSE(again.final_train_loss.has_value());
}

TEST_CASE("a checkpoint of other settings or data is refused") {
  const test::TemporaryFolder folder;
  TrialFiles files{.checkpoint = folder.path() / "checkpoint", .data = "data"};
  (void)run_with(files, 5);
  TrialOptions other = three_epochs;
  other.lr = 0.2;
  CHECK_THROWS_WITH_AS(run_with(files, 0, other), doctest::Contains("found settings '"), IoError);
  files.data = "atad";
  CHECK_THROWS_WITH_AS(run_with(files),
                       doctest::Contains("found data 'data' in the metadata, expected 'atad'"), IoError);
}

TEST_CASE("names for files are plain, and differ where rules, steps or seeds do") {
  CHECK(trial_name({}) == "bp-seed-1");
  CHECK(trial_name({.rule = "bp/fa"}) == "bp+fa-seed-1");
  CHECK(trial_name({.rule = "sign:period=6400:scale=norm", .seed = 7}) ==
        "sign,period=6400,scale=norm-seed-7");
  CHECK(trial_name({.rule = "fa", .step = "soap:lr=0.5"}) == "fa@soap,lr=0.5-seed-1");
  CHECK(trial_name({.rule = "a b%+\n"}) == "a%20b%25%2B%0A-seed-1");
  CHECK(trial_name({.rule = "..", .seed = 2}) == "..-seed-2");
  std::set<std::string> names;
  for (const char* rule : {"a", "a:b", "a,b", "a/b", "a+b", "a%2Bb", "a b", "a\nb"})
    CHECK(names.insert(trial_name({.rule = rule})).second);
  for (const char last : {'x', 'y'}) {
    std::string rule(1000, '/');
    rule += last;
    CHECK(trial_name({.rule = rule}).size() < 230);
    CHECK(names.insert(trial_name({.rule = rule})).second);
  }
}

TEST_CASE("every trial of a run has files of its own, in two folders") {
  RunConfig config;
  config.trials = {{.rule = "bp"}, {.rule = "bp", .lr = 0.5}, {.rule = "fa"}};
  CHECK(trial_files(config, "run").at(0).model.empty());
  CHECK(trial_files(config, "run").at(0).checkpoint.empty());
  config.save_model = true;
  config.checkpoint_every = 100;
  config.data_fingerprint = "abc";
  config.normalization = Normalization{.mean = 0.286, .standard_deviation = 0.353};
  const auto files = trial_files(config, "run");
  REQUIRE(files.size() == 3);
  CHECK(files[0].model == "run/models/bp-seed-1.safetensors");
  CHECK(files[1].checkpoint == "run/checkpoints/bp-seed-1-2.safetensors");
  CHECK(files[2].checkpoint == "run/checkpoints/fa-seed-1.safetensors");
  CHECK(files[2].checkpoint_every == 100);
  CHECK(files[2].data == "abc");
  REQUIRE(files[2].normalization.has_value());
  CHECK(files[2].normalization->mean == 0.286);
}
