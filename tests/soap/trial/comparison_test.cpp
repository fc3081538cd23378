#include "soap/trial/comparison.hpp"

#include <cmath>
#include <string>

#include <doctest/doctest.h>

using doctest::Approx;
using soap::compare_rules;
using soap::comparison_table;
using soap::TrialResult;
using soap::TrialStatus;

namespace {

// A run of 200 logged steps whose loss falls from 1 to 0 after step `drop`; with the window of 20 steps the
// mean lies below 0.5 eleven steps later.
TrialResult finished(const std::string& rule, std::uint64_t seed, double accuracy, double loss,
                     std::int64_t drop) {
  TrialResult result;
  result.options.rule = rule;
  result.options.seed = seed;
  result.options.lr = 0.1;
  result.epochs = 2;
  result.final_train_loss = 0.125;
  result.test = soap::Evaluation{.loss = loss, .accuracy = accuracy};
  result.examples_per_second = 1000.0 * static_cast<double>(seed);
  for (std::int64_t step = 1; step <= 200; ++step) {
    result.curve.steps.push_back(step);
    result.curve.losses.push_back(step <= drop ? 1 : 0);
  }
  return result;
}

TrialResult diverged(const std::string& rule, std::uint64_t seed) {
  TrialResult result = finished(rule, seed, 0, 0, 1000);
  result.status = TrialStatus::diverged;
  result.message = "training diverged at epoch 1, step 2";
  result.epochs = 0;
  result.final_train_loss.reset();
  result.test.reset();
  result.examples_per_second.reset();
  return result;
}

TrialResult stopped(const std::string& rule, std::uint64_t seed) {
  TrialResult result = finished(rule, seed, 0, 0, 1000);
  result.status = TrialStatus::stopped;
  result.epochs = 1;
  result.test.reset();
  return result;
}

// bp: all fine; fa: one of three never reaches the loss; kp: one of two diverges; sign: stopped.
std::vector<TrialResult> results() {
  return {finished("bp", 1, 0.90, 0.5, 20),
          finished("fa", 1, 0.80, 0.75, 49),
          diverged("kp", 1),
          stopped("sign", 1),
          finished("bp", 2, 0.92, 0.25, 30),
          finished("fa", 2, 0.84, 1.0, 1000),
          finished("kp", 2, 0.5, 2.0, 1000),
          finished("bp", 3, 0.94, 0.75, 40),
          finished("fa", 3, 0.88, 0.5, 60)};
}

}  // namespace

TEST_CASE("rules are compared over their seeds, in the order of first appearance") {
  const auto rules = compare_rules(results(), 0.5);
  REQUIRE(rules.size() == 4);
  const auto& bp = rules[0];
  CHECK(bp.rule == "bp");
  CHECK(bp.runs == 3);
  CHECK(bp.finished == 3);
  CHECK(bp.diverged == 0);
  CHECK(bp.test_accuracy.value().mean == Approx(0.92));
  CHECK(bp.test_accuracy.value().deviation == Approx(0.02));
  CHECK(bp.test_loss.value().mean == Approx(0.5));
  CHECK(bp.test_loss.value().deviation == Approx(0.25));
  CHECK(bp.examples_per_second.value() == Approx(2000));
  CHECK(bp.steps.median.value() == 41);
  CHECK(bp.steps_ratio.value() == 1);

  // Two of three reach the loss, after 60 and 71 steps: the one that does not is the slowest, and is counted.
  const auto& fa = rules[1];
  CHECK(fa.rule == "fa");
  CHECK(fa.steps.reached == 2);
  CHECK(fa.steps.runs == 3);
  CHECK(fa.steps.median.value() == 71);
  CHECK(fa.steps_ratio.value() == Approx(71.0 / 41));

  const auto& kp = rules[2];
  CHECK(kp.runs == 2);
  CHECK(kp.finished == 1);
  CHECK(kp.diverged == 1);
  CHECK(kp.test_accuracy.value().mean == 0.5);
  CHECK(kp.test_accuracy.value().deviation == 0);
  CHECK_FALSE(kp.steps.median.has_value());
  CHECK(kp.steps.runs == 2);
  CHECK_FALSE(kp.steps_ratio.has_value());

  const auto& sign = rules[3];
  CHECK(sign.finished == 0);
  CHECK(sign.diverged == 0);
  CHECK_FALSE(sign.test_accuracy.has_value());
  CHECK_FALSE(sign.test_loss.has_value());
}

TEST_CASE("there is no ratio without bp, or when bp itself has no median") {
  for (const auto& rule : compare_rules({finished("fa", 1, 0.9, 0.5, 20)}, 0.5)) {
    CHECK(rule.steps.median.has_value());
    CHECK_FALSE(rule.steps_ratio.has_value());
  }
  const auto rules = compare_rules({finished("fa", 1, 0.9, 0.5, 20), finished("bp", 1, 0.9, 0.5, 1000)}, 0.5);
  for (const auto& rule : rules) CHECK_FALSE(rule.steps_ratio.has_value());
  CHECK(compare_rules({}, 0.5).empty());
}

TEST_CASE("the table says what was measured, over how many seeds, and what went wrong") {
  CHECK(
      comparison_table(compare_rules(results(), 0.5), 0.5, "test", 200) ==
      "rule                 runs  test accuracy %        test loss  steps to loss 0.5  vs bp  examples/s\n"
      "----  -------------------  ---------------  ---------------  -----------------  -----  ----------\n"
      "bp                      3     92.00 ± 2.00  0.5000 ± 0.2500                 41  1.00x       2,000\n"
      "fa                      3     84.00 ± 4.00  0.7500 ± 0.2500        71 (2 of 3)  1.73x       2,000\n"
      "kp    1 of 2 (1 diverged)            50.00            2.000              never      -       2,000\n"
      "sign               0 of 1                -                -              never      -       1,000\n");
}

TEST_CASE("the table names the images that it is about") {
  const auto rules = compare_rules({finished("bp", 1, 0.9, 0.25, 20)}, 0.5);
  const std::string table = comparison_table(rules, 0.5, "validation", 200);
  const std::string header = table.substr(0, table.find('\n'));
  CHECK(header.find("validation accuracy %") != std::string::npos);
  CHECK(header.find("validation loss") != std::string::npos);
  CHECK(header.find("test") == std::string::npos);
}

TEST_CASE("a rule under two steps is two entries, and the table then names the step") {
  auto soap = finished("bp", 1, 0.8, 0.5, 60);
  soap.options.step = "soap";
  const auto rules =
      compare_rules({finished("bp", 1, 0.9, 0.25, 20), soap, finished("fa", 1, 0.5, 0.75, 40)}, 0.5);
  REQUIRE(rules.size() == 3);
  CHECK(rules[0].step_kind == "backward");
  CHECK(rules[1].step_kind == "soap");
  CHECK(rules[1].steps_ratio.value() > 1);
  CHECK(comparison_table(rules, 0.5, "test", 200) ==
        "rule      step  runs  test accuracy %  test loss  steps to loss 0.5  vs bp  examples/s\n"
        "----  --------  ----  ---------------  ---------  -----------------  -----  ----------\n"
        "bp    backward     1            90.00     0.2500                 31  1.00x       1,000\n"
        "bp        soap     1            80.00     0.5000                 71  2.29x       1,000\n"
        "fa    backward     1            50.00     0.7500                 51  1.65x       1,000\n");
}

TEST_CASE("summary.csv has a row a run, with blanks for what was not measured") {
  auto odd = finished("bp", 1, 0.5, 0.25, 20);
  odd.options.rule = "mine,too";
  odd.options.lr = 1e-3;
  odd.test = soap::Evaluation{.loss = 0.25, .accuracy = std::nullopt};
  CHECK(soap::summary_csv({finished("bp", 1, 0.9, 0.5, 20), diverged("fa", 2), stopped("sign", 3), odd}) ==
        "rule,step_kind,lr,seed,epochs,status,final_train_loss,test_loss,test_accuracy,examples_per_second,"
        "message\n"
        "bp,backward,0.1,1,2,finished,0.125,0.5,0.9,1000,\n"
        "fa,backward,0.1,2,0,diverged,,,,,\"training diverged at epoch 1, step 2\"\n"
        "sign,backward,0.1,3,1,stopped,0.125,,,3000,\n"
        "\"mine,too\",backward,0.001,1,2,finished,0.125,0.25,,1000,\n");
}

TEST_CASE("comparison.csv has the figures of the table, blank where there are none") {
  auto odd = finished("bp", 1, 0.5, 0.25, 20);
  odd.options.rule = "=mine,too";
  CHECK(soap::comparison_csv(compare_rules({finished("bp", 1, 0.75, 0.5, 20),
                                            finished("bp", 2, 0.25, 1.5, 20), odd, diverged("fa", 2)},
                                           0.5),
                             0.5, "validation") ==
        "rule,step_kind,measured_on,runs,finished,diverged,failed,accuracy,accuracy_deviation,loss,loss_"
        "deviation,"
        "target_loss,median_steps_to_loss,reached_loss,counted_for_steps,vs_bp,examples_per_second\n"
        // The deviations are sqrt(1/8) and sqrt(1/2).
        "bp,backward,validation,2,2,0,0,0.5,0.3535533905932738,1,0.7071067811865476,0.5,31,2,2,1,1500\n"
        "\"'=mine,too\",backward,validation,1,1,0,0,0.5,,0.25,,0.5,31,1,1,1,1000\n"
        "fa,backward,validation,1,0,1,0,,,,,0.5,,0,1,,\n");
}
