#include "soap/sweep/sweep_runner.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "soap/base/error.hpp"
#include "soap/data/synthetic_digits.hpp"

#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::Origin;
using soap::run_missing_trials;
using soap::SweepData;
using soap::trial_key;
using soap::TrialRecord;
using soap::TrialSetting;
using soap::TrialStore;

namespace {

const SweepData& sweep_digits() {
  static const SweepData data = [] {
    soap::TrainTest all = soap::synthetic_digits({.train = 200, .test = 50, .seed = 1});
    soap::TrainTest tuning = soap::hold_out(all.train, 50);
    return SweepData{.tuning = std::move(tuning), .judging = std::move(all)};
  }();
  return data;
}

std::vector<TrialSetting> trials_of_two_phases() {
  std::vector<TrialSetting> trials;
  for (const std::uint64_t seed : {1, 2}) {
    for (const char* rule : {"fa", "bp", "pepita"}) {
      trials.push_back(
          {.options = {.rule = rule, .hidden = {12}, .lr = 0.1, .batch_size = 16, .epochs = 2, .seed = seed},
           .data = soap::data_identity(sweep_digits().judging),
           .validation = 50,
           .evaluations = 3});
    }
  }
  trials.back().validation = 0;
  return trials;
}

// Every result's bytes by its file's name.
std::map<std::string, std::string> results_in(const fs::path& out) {
  std::map<std::string, std::string> results;
  for (const auto& entry : fs::directory_iterator(out / "trials"))
    results[entry.path().filename().string()] = test::text_of(entry.path());
  return results;
}

}  // namespace

TEST_CASE("all trials get a result, with the same bytes on one thread, on three, and shared by two ranks") {
  const test::TemporaryFolder one;
  CHECK(run_missing_trials(trials_of_two_phases(), sweep_digits(), TrialStore(one.path()), {.threads = 1}));
  const auto expected = results_in(one.path());
  CHECK(expected.size() == 6);
  CHECK(fs::is_empty(one.path() / "claims"));

  const test::TemporaryFolder three;
  CHECK(run_missing_trials(trials_of_two_phases(), sweep_digits(), TrialStore(three.path()), {.threads = 3}));
  CHECK(results_in(three.path()) == expected);

  const test::TemporaryFolder shared;
  int first_rank = 0;
  const auto stop_after_own = [&] { return first_rank >= 3; };
  CHECK_FALSE(run_missing_trials(trials_of_two_phases(), sweep_digits(), TrialStore(shared.path()),
                                 {.world_size = 2,
                                  .stop_requested = stop_after_own,
                                  .finished = [&](const TrialRecord&, const Origin&) { ++first_rank; }}));
  CHECK(results_in(shared.path()).size() == 3);
  CHECK(run_missing_trials(trials_of_two_phases(), sweep_digits(), TrialStore(shared.path()),
                           {.rank = 1, .world_size = 2}));
  CHECK(results_in(shared.path()) == expected);
}

TEST_CASE("a record tells what the run was: its curve, its steps, its end") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  const auto trials = trials_of_two_phases();
  run_missing_trials(trials, sweep_digits(), store, {.threads = 2});
  const auto bp = store.find(trial_key(trials[1]));
  REQUIRE(bp);
  CHECK(bp->epochs == 2);
  CHECK(bp->steps == 20);
  CHECK(bp->examples == 300);
  REQUIRE(bp->samples.size() == 6);
  // A third and two thirds of ten steps are over with the fourth and the seventh.
  // An epoch of 150 is 5 batches of 15.
  CHECK(bp->samples[0].examples == 60);
  CHECK(bp->samples[1].examples == 105);
  CHECK(bp->samples[2].examples == 150);
  CHECK(bp->samples.back().accuracy == bp->judged->accuracy);
  const double bits_a_step = 32.0 * sizeof(soap::Scalar) / sizeof(float) * 12 * 10;
  CHECK(bp->transported_bits == 20 * bits_a_step);
  CHECK(bp->samples[0].transported_bits == 4 * bits_a_step);
  // Judged by the test set: once.
  const auto judged = store.find(trial_key(trials.back()));
  REQUIRE(judged);
  CHECK(judged->samples.empty());
  CHECK(judged->examples == 400);
  CHECK(judged->judged.has_value());
}

TEST_CASE("what is done is not done again, and what is damaged, empty or missing is") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  const auto trials = trials_of_two_phases();
  run_missing_trials(trials, sweep_digits(), store, {.threads = 2});
  const auto expected = results_in(folder.path());
  fs::remove(store.file(trial_key(trials[0])));
  fs::resize_file(store.file(trial_key(trials[1])), 0);
  fs::resize_file(store.file(trial_key(trials[2])), 300);
  int started = 0;
  int earlier = 0;
  CHECK(run_missing_trials(
      trials, sweep_digits(), store,
      {.threads = 2,
       .started = [&](const TrialSetting&) { ++started; },
       .finished = [&](const TrialRecord&,
                       const Origin& origin) { earlier += origin == Origin::earlier ? 1 : 0; }}));
  CHECK(started == 3);
  CHECK(earlier == 3);
  CHECK(results_in(folder.path()) == expected);
}

TEST_CASE("a claim is respected while its owner lives, and taken over when it does not") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  const std::vector<TrialSetting> trials = {trials_of_two_phases()[0]};
  const fs::path claim = folder.path() / "claims" / trial_key(trials[0]);
  fs::create_symlink("another-machine 1", claim);
  const auto start = std::chrono::steady_clock::now();
  CHECK(run_missing_trials(trials, sweep_digits(), store, {.patience = std::chrono::milliseconds(300)}));
  CHECK(std::chrono::steady_clock::now() - start > std::chrono::milliseconds(300));

  // A process of this machine that has ended needs no patience.
  fs::remove(store.file(trial_key(trials[0])));
  CHECK(store.claim("probe"));
  CHECK_FALSE(store.claim("probe"));
  const auto sign = store.sign_of_life("probe");
  store.renew_claim("probe");
  CHECK(store.sign_of_life("probe") != sign);
  std::string owner = fs::read_symlink(folder.path() / "claims" / "probe").string();
  store.release("probe");
  owner = owner.substr(0, owner.rfind(' ')) + " 2147483646";
  fs::create_symlink(owner, claim);
  CHECK_FALSE(store.sign_of_life(trial_key(trials[0])));
  CHECK(run_missing_trials(trials, sweep_digits(), store, {.patience = std::chrono::hours(1)}));
}

TEST_CASE("what is no claim, or cannot be removed, keeps nobody from a trial") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  const std::vector<TrialSetting> trials = {trials_of_two_phases()[0], trials_of_two_phases()[1],
                                            trials_of_two_phases()[2]};
  fs::create_directories(folder.path() / "claims" / trial_key(trials[0]) / "inside");
  (void)folder.write("claims/" + trial_key(trials[1]), "text");
  REQUIRE(::mkfifo((folder.path() / "claims" / trial_key(trials[2])).c_str(), 0600) == 0);
  const auto start = std::chrono::steady_clock::now();
  CHECK(run_missing_trials(trials, sweep_digits(), store, {.patience = std::chrono::hours(1)}));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  CHECK(results_in(folder.path()).size() == 3);
  CHECK(fs::exists(folder.path() / "claims" / trial_key(trials[0]) / "inside"));
}

TEST_CASE("a stop leaves no half result and no claim, and the next run goes on") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  std::atomic<int> steps = 0;
  CHECK_FALSE(run_missing_trials(trials_of_two_phases(), sweep_digits(), store,
                                 {.threads = 2, .stop_requested = [&] { return ++steps > 50; }}));
  CHECK(results_in(folder.path()).size() < 6);
  CHECK(fs::is_empty(folder.path() / "claims"));
  CHECK(run_missing_trials(trials_of_two_phases(), sweep_digits(), store, {.threads = 2}));
  CHECK(results_in(folder.path()).size() == 6);
}

TEST_CASE(
    "a trial that diverges or fails has a result, and one that cannot be run ends the sweep with its error") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  TrialSetting wild = trials_of_two_phases()[0];
  wild.options.activation = "relu";
  wild.options.lr = 1e30;
  CHECK(run_missing_trials({wild}, sweep_digits(), store, {}));
  const auto record = store.find(trial_key(wild));
  REQUIRE(record);
  CHECK(record->status == soap::TrialStatus::diverged);
  CHECK(record->message.find("diverged at epoch 1") != std::string::npos);

  TrialSetting stuck = trials_of_two_phases()[0];
  stuck.options.rule = "bp";
  stuck.options.step = "soap:lr=1e-30:damping=1:relative=yes:warmup=0";
  stuck.options.epochs = 10;
  CHECK(run_missing_trials({stuck, trials_of_two_phases()[1]}, sweep_digits(), store, {}));
  CHECK(store.find(trial_key(trials_of_two_phases()[1])));
  const auto failed = store.find(trial_key(stuck));
  REQUIRE(failed);
  CHECK(failed->status == soap::TrialStatus::failed);
  CHECK(failed->message.find("training cannot go on at epoch ") == 0);

  TrialSetting wrong = wild;
  wrong.options.rule = "nonsense";
  CHECK_THROWS_WITH_AS(run_missing_trials({wrong}, sweep_digits(), store, {}), doctest::Contains("nonsense"),
                       std::invalid_argument);
}
