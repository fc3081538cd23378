#include "soap/trial/trial.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/matrices.hpp"
#include "tests/support/trial_digits.hpp"

using soap::check_trial;
using soap::run_trial;
using soap::ThreadCount;
using soap::TrialOptions;
using soap::TrialStatus;
using test::trial_digits;

namespace {

std::string complaint(const std::function<void(TrialOptions&)>& change) {
  TrialOptions options;
  change(options);
  try {
    check_trial(options, 20, 10);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a trial reports what it measured") {
  const ThreadCount one(1);
  const TrialOptions options = {
      .rule = "bp", .hidden = {12}, .lr = 0.1, .batch_size = 16, .epochs = 3, .log_interval = 10};
  const auto result = run_trial(options, trial_digits().train, trial_digits().test);
  CHECK(result.status == TrialStatus::finished);
  CHECK(result.options.step == "backward");
  CHECK(result.epochs == 3);
  // 13 steps an epoch, and a row each 10 and at each end.
  CHECK(result.curve.steps == std::vector<std::int64_t>{10, 13, 20, 26, 30, 39});
  CHECK(result.test.value().accuracy.value() > 0.2);
  CHECK(result.final_train_loss.value() < result.curve.losses.front());
  CHECK(result.examples_per_second.value() > 0);
  // 5 batches of 16 and 5 of 15.
  CHECK(result.metrics_rows.starts_with("bp,backward,0.1,1,1,10,155,"));
  CHECK(result.message.empty());
}

TEST_CASE("a trial has samples of its instruments when they are asked for, and trains the same with them") {
  const ThreadCount one(1);
  TrialOptions options = {.rule = "fa", .hidden = {12}, .batch_size = 16, .epochs = 1};
  const auto off = run_trial(options, trial_digits().train, trial_digits().test);
  CHECK(off.diagnostics_rows.empty());
  options.diagnostics_interval = 10;
  const auto on = run_trial(options, trial_digits().train, trial_digits().test);
  // Steps 1, 10 and the last, 13: two layers and the whole network.
  CHECK(std::count(on.diagnostics_rows.begin(), on.diagnostics_rows.end(), '\n') == 3 * 3);
  CHECK(on.diagnostics_rows.starts_with("fa,backward,0.01,1,1,1,16,layers.0,"));
  CHECK(on.curve.losses == off.curve.losses);
  CHECK(on.test.value().loss == off.test.value().loss);
}

TEST_CASE("an observer's stop before the last epoch is a stop, and after the last step is none") {
  const ThreadCount one(1);
  const TrialOptions options = {.hidden = {12}, .batch_size = 16, .epochs = 2};
  const auto stopped_after = [&](std::int64_t step) {
    std::vector<std::unique_ptr<soap::Observer>> observers;
    observers.push_back(soap::at_steps({step}, [](const soap::StepEnd& event) { event.control.stop(); }));
    return run_trial(options, trial_digits().train, trial_digits().test, std::move(observers));
  };
  const auto early = stopped_after(15);
  CHECK(early.status == TrialStatus::stopped);
  CHECK(early.epochs == 1);
  CHECK(early.curve.steps.back() == 15);
  // What stands at the end of the first epoch is not the result of a training that was to last two.
  CHECK_FALSE(early.test.has_value());
  const auto late = stopped_after(26);
  CHECK(late.status == TrialStatus::finished);
  CHECK(late.test.has_value());
}

TEST_CASE("settings are checked without data") {
  CHECK(complaint([](TrialOptions&) {}).empty());
  CHECK(complaint([](TrialOptions& o) { o.rule = "bq"; }).starts_with("unknown rule 'bq' (nearest: bp, "));
  CHECK_FALSE(complaint([](TrialOptions& o) { o.hidden = {0}; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.activation = "nothing like it"; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.initializer = "nothing like it"; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.loss = "nothing like it"; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.optimizer = "nothing like it"; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.optimizer = "sgd:momentum=1"; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.optimizer = "sgd:layers=1/0.5/0.1"; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.lr = -1; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.schedule = "nothing like it"; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.batch_size = 0; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.epochs = 0; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.log_interval = 0; }).empty());
  CHECK_FALSE(complaint([](TrialOptions& o) { o.diagnostics_interval = -1; }).empty());
}
