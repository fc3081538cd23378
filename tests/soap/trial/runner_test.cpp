#include "soap/trial/runner.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/trial_digits.hpp"

using soap::run_trials;
using soap::RunnerOptions;
using soap::StepEnd;
using soap::TrialOptions;
using soap::TrialResult;
using soap::TrialStatus;
using test::trial_digits;

namespace {

// Two seeds of three rules; the first trial is by far the longest, so that others end before it.
std::vector<TrialOptions> six_trials() {
  std::vector<TrialOptions> trials;
  for (const std::uint64_t seed : {1, 2}) {
    for (const char* rule : {"fa", "bp", "sign:period=100"}) {
      trials.push_back(
          {.rule = rule, .hidden = {12}, .lr = 0.1, .batch_size = 16, .epochs = 1, .seed = seed});
    }
  }
  trials.front().epochs = 10;
  return trials;
}

std::vector<TrialResult> run_on_digits(const std::vector<TrialOptions>& trials,
                                       const RunnerOptions& options) {
  return run_trials(trials, trial_digits().train, trial_digits().test, options);
}

// Rows of metrics.csv without their last column, the seconds.
std::string measured(const std::string& rows) {
  std::string text;
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t end = rows.find('\n', at);
    text += rows.substr(at, rows.rfind(',', end) - at) + '\n';
    at = end + 1;
  }
  return text;
}

// An observer of trial `who` alone that stops the whole run through a flag.
RunnerOptions stop_in(std::size_t who, std::atomic<bool>& stop, int threads) {
  return {.threads = threads,
          .stop_requested = [&stop] { return stop.load(); },
          .observe =
              [&stop, who](std::size_t i) {
                std::vector<std::unique_ptr<soap::Observer>> observers;
                observers.push_back(soap::at_steps({3}, [&stop, who, i](const StepEnd&) {
                  if (i == who) stop = true;
                }));
                return observers;
              }};
}

}  // namespace

TEST_CASE("the results are in the order of the trials and do not depend on the number of threads") {
  const auto trials = six_trials();
  const auto one = run_on_digits(trials, {.threads = 1});
  REQUIRE(one.size() == trials.size());
  for (const int threads : {2, 4, 7, 20}) {
    CAPTURE(threads);
    const auto several = run_on_digits(trials, {.threads = threads});
    REQUIRE(several.size() == trials.size());
    for (std::size_t i = 0; i < trials.size(); ++i) {
      CAPTURE(i);
      CHECK(several[i].options.rule == trials[i].rule);
      CHECK(several[i].options.seed == trials[i].seed);
      CHECK(several[i].status == TrialStatus::finished);
      CHECK_FALSE(one[i].metrics_rows.empty());
      CHECK(measured(several[i].metrics_rows) == measured(one[i].metrics_rows));
      CHECK(several[i].test.value().loss == one[i].test.value().loss);
      CHECK(several[i].final_train_loss == one[i].final_train_loss);
    }
  }
}

TEST_CASE("rules at one seed start from the same weights and see the same batches") {
  // The first loss comes before any rule has had a say.
  std::vector<TrialOptions> trials = six_trials();
  for (auto& trial : trials) {
    trial.log_interval = 1;
    trial.epochs = 1;
  }
  const auto results = run_on_digits(trials, {.threads = 2});
  REQUIRE(results.size() == 6);
  for (const std::size_t first : {0, 3}) {
    const double loss = results[first].curve.losses.at(0);
    CHECK(results[first + 1].curve.losses.at(0) == loss);
    CHECK(results[first + 2].curve.losses.at(0) == loss);
    CHECK(results[first + 1].curve.losses.at(5) != results[first].curve.losses.at(5));
  }
  CHECK(results[0].curve.losses.at(0) != results[3].curve.losses.at(0));
}

TEST_CASE("each result is handed over once, in order, by one thread at a time") {
  const auto trials = six_trials();
  std::vector<std::string> handed;
  std::atomic<int> inside = 0;
  bool alone = true;
  const auto results =
      run_on_digits(trials, {.threads = 3, .finished = [&](const TrialResult& result) {
                               alone = alone && ++inside == 1;
                               std::this_thread::sleep_for(std::chrono::milliseconds(2));
                               handed.push_back(result.options.rule + std::to_string(result.options.seed));
                               --inside;
                             }});
  CHECK(alone);
  std::vector<std::string> expected;
  for (const auto& trial : trials) expected.push_back(trial.rule + std::to_string(trial.seed));
  CHECK(handed == expected);
  CHECK(results.size() == 6);
}

TEST_CASE("a stop leaves the trials before it, the ones under way cut short, and none after") {
  auto trials = six_trials();
  trials.front().epochs = 1;
  std::atomic<bool> stop = false;
  std::size_t handed = 0;
  auto options = stop_in(2, stop, 1);
  options.finished = [&](const TrialResult&) { ++handed; };
  const auto results = run_on_digits(trials, options);
  REQUIRE(results.size() == 3);
  CHECK(handed == 3);
  CHECK(results[0].status == TrialStatus::finished);
  CHECK(results[1].status == TrialStatus::finished);
  CHECK(results[2].status == TrialStatus::stopped);
  CHECK(results[2].curve.steps.back() == 3);
  CHECK(results[2].epochs == 0);
  CHECK_FALSE(results[2].test.has_value());
}

TEST_CASE("a stop reaches the trials on other threads too") {
  auto trials = six_trials();
  for (auto& trial : trials) trial.epochs = 1'000'000;
  std::atomic<bool> stop = false;
  const auto results = run_on_digits(trials, stop_in(0, stop, 2));
  REQUIRE(results.size() >= 1);
  CHECK(results.size() <= 2);
  for (const auto& result : results) CHECK(result.status == TrialStatus::stopped);
}

TEST_CASE("a trial that diverges is a result, and the others go on") {
  auto trials = six_trials();
  trials[1].lr = sizeof(soap::Scalar) == sizeof(double) ? 1e200 : 1e30;
  trials[1].activation = "relu";
  const auto results = run_on_digits(trials, {.threads = 2});
  REQUIRE(results.size() == 6);
  CHECK(results[1].status == TrialStatus::diverged);
  CHECK(results[1].message.find("diverged at epoch ") != std::string::npos);
  CHECK_FALSE(results[1].test.has_value());
  CHECK_FALSE(results[1].final_train_loss.has_value());
  for (const std::size_t i : {0, 2, 3, 4, 5}) CHECK(results[i].status == TrialStatus::finished);
}

TEST_CASE("a trial whose step cannot go on is a result with its reason, and the others go on") {
  auto trials = six_trials();
  trials[1].step = "soap:lr=1e-30:damping=1:relative=yes:warmup=0";
  trials[1].epochs = 10;
  const auto results = run_on_digits(trials, {.threads = 2});
  REQUIRE(results.size() == 6);
  CHECK(results[1].status == TrialStatus::failed);
  CHECK(results[1].message.find("training cannot go on at epoch ") == 0);
  CHECK(results[1].message.find("step 'soap' sent nothing but zeros to layer 0") != std::string::npos);
  CHECK_FALSE(results[1].test.has_value());
  for (const std::size_t i : {0, 2, 3, 4, 5}) CHECK(results[i].status == TrialStatus::finished);
}

TEST_CASE("the error of one trial stops the others and is thrown on") {
  for (const int threads : {1, 3}) {
    CAPTURE(threads);
    auto trials = six_trials();
    trials[1].rule = "no such rule";
    for (const std::size_t i : {0, 2, 3, 4, 5}) trials[i].epochs = 100;
    trials[0].epochs = threads == 1 ? 1 : 1'000'000;
    CHECK_THROWS_WITH_AS(run_on_digits(trials, {.threads = threads}),
                         doctest::Contains("unknown rule 'no such rule'"), std::invalid_argument);
  }
}

TEST_CASE("an error while a result is handed over is thrown on, and the result is not handed over again") {
  auto trials = six_trials();
  trials.front().epochs = 1;
  std::atomic<int> first = 0;
  const RunnerOptions options = {.threads = 3, .finished = [&](const TrialResult& result) {
                                   if (result.options.rule != "fa" || result.options.seed != 1) return;
                                   ++first;
                                   throw std::runtime_error("no room");
                                 }};
  CHECK_THROWS_WITH_AS(run_on_digits(trials, options), "no room", std::runtime_error);
  CHECK(first == 1);
}

TEST_CASE("no trials give no results") { CHECK(run_on_digits({}, {.threads = 4}).empty()); }
