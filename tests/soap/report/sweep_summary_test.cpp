#include "soap/report/sweep_summary.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/report/sweep_csv.hpp"

#include "tests/support/sweep_summaries.hpp"
#include "tests/support/trial_records.hpp"

using doctest::Approx;
using soap::Conclusion;
using soap::MethodSummary;
using soap::ProblemSummary;
using soap::summarize_sweep;
using soap::TrialCounts;
using soap::TrialRecord;
using test::method_in;
using test::summary_of;

namespace {

void remove(std::vector<TrialRecord>& records, const std::string& rule, std::uint64_t seed, bool judged) {
  std::erase_if(records, [&](const TrialRecord& record) {
    return record.setting.options.rule == rule && record.setting.options.seed == seed &&
           (record.setting.validation == 0) == judged;
  });
}

}  // namespace

TEST_CASE("a whole sweep: each method's best setting, its accuracy and its difference to the baseline") {
  auto records = test::sweep({"bp", "fa", "dfa"}, 9);
  std::reverse(records.begin(), records.end());
  const ProblemSummary problem = summary_of(records);
  REQUIRE(problem.methods.size() == 3);
  CHECK(problem.ranked);
  CHECK(problem.common_seeds == 9);
  CHECK(problem.validation == 100);
  const std::vector<std::string> order = {problem.methods[0].method, problem.methods[1].method,
                                          problem.methods[2].method};
  CHECK(order == std::vector<std::string>{"bp", "fa", "dfa"});
  const MethodSummary& fa = problem.methods[1];
  CHECK(fa.chosen->options.lr == 0.1);
  CHECK(fa.tuning == TrialCounts{.expected = 27, .found = 27});
  CHECK(fa.judging == TrialCounts{.expected = 9, .found = 9});
  CHECK(fa.accuracy->mean == Approx(0.89 + 0.005));
  // Of the 511 means of 0.891 ... 0.899 the 12th and the 12th from the end: 2·(1 + 12)/2^9 is above 0.05 and
  // 2·(1 + 11)/2^9 below.
  CHECK(fa.interval->low == Approx(0.89275).epsilon(1e-7));
  CHECK(fa.interval->high == Approx(0.89725).epsilon(1e-7));
  CHECK(*fa.interquartile == Approx(0.895));
  CHECK(*fa.diverged_bound == Approx(1 - std::pow(0.05, 1.0 / 9)));
  CHECK(*fa.steps.median == 40);
  CHECK(fa.steps.reached == 9);
  CHECK(*fa.passes == 6400);
  CHECK(*fa.transported_bits == 0);
  CHECK(*method_in(problem, "bp").transported_bits == 1000);
  CHECK_FALSE(method_in(problem, "bp").to_baseline);
  // All nine seeds agree: p = 2/2^9, for two comparisons twice that, for three three times.
  CHECK(fa.to_baseline->mean == Approx(-0.01));
  CHECK(*fa.to_baseline->p == Approx(2.0 / 512));
  CHECK(*fa.to_baseline->corrected == Approx(4.0 / 512));
  CHECK(fa.to_baseline->conclusion(problem.level) == Conclusion::worse);
  CHECK(*fa.to_baseline->improvement == 0);
  REQUIRE(problem.pairs.size() == 3);
  CHECK(*problem.pairs[0].difference.corrected == Approx(6.0 / 512));
  CHECK(problem.pairs[1].difference.mean == Approx(0.02));
}

TEST_CASE(
    "with five seeds nothing is tested or ranked; with another baseline the others are compared with it") {
  const ProblemSummary few = summary_of(test::sweep({"bp", "fa"}, 5));
  CHECK_FALSE(few.ranked);
  CHECK(few.common_seeds == 5);
  CHECK(few.pairs.empty());
  CHECK(few.looks.empty());
  CHECK(method_in(few, "fa").to_baseline->pairs == 5);
  CHECK(method_in(few, "fa").to_baseline->conclusion(few.level) == Conclusion::untested);
  CHECK_FALSE(method_in(few, "fa").to_baseline->p);
  CHECK_FALSE(method_in(few, "fa").interval);

  const ProblemSummary other = summary_of(test::sweep({"bp", "fa"}, 6), {.baseline = "fa"});
  CHECK(method_in(other, "bp").to_baseline->mean == Approx(0.01));
  CHECK(other.baseline == 1);  // bp is better
  const ProblemSummary none = summary_of(test::sweep({"fa", "dfa"}, 6));
  CHECK_FALSE(none.baseline);
  CHECK_FALSE(none.methods[0].to_baseline);
  CHECK(none.ranked);
}

TEST_CASE("Holm's correction over the comparisons with the baseline, by hand") {
  auto records = test::sweep({"bp", "fa", "dfa"}, 9);
  // 2 points below bp with every seed but the sixth, and there as far above it: of the 512 choices of signs 2
  // have a sum of 9 times that, 18 one of 7 times that, as here.
  for (TrialRecord& record : records) {
    const auto& options = record.setting.options;
    if (options.rule == "dfa" && options.seed == 6 && record.setting.validation == 0)
      record.judged->accuracy = 0.9 + 0.006 + 0.02;
  }
  const ProblemSummary problem = summary_of(records);
  CHECK(*method_in(problem, "fa").to_baseline->corrected == Approx(2 * 2.0 / 512));
  CHECK(*method_in(problem, "dfa").to_baseline->p == Approx(20.0 / 512));
  CHECK(*method_in(problem, "dfa").to_baseline->corrected == Approx(20.0 / 512));
  // 0.039 is below 0.05 and above the 0.035 that a first look may spend.
  CHECK(method_in(problem, "dfa").to_baseline->conclusion(problem.level) == Conclusion::undecided);
}

TEST_CASE("ties: the lowest of equal learning rates is chosen, and equal methods are not tested") {
  auto records = test::sweep({"bp"}, 6);
  for (TrialRecord& record : records) record.judged->accuracy = 0.8;
  auto again = records;
  for (TrialRecord& record : again) record.setting.options.rule = "fa";
  records.insert(records.end(), again.begin(), again.end());
  for (TrialRecord& record : records) {
    if (record.setting.validation == 0) record.setting.options.lr = 0.01;
  }
  const ProblemSummary problem = summary_of(records);
  CHECK(problem.methods[0].chosen->options.lr == 0.01);
  CHECK(soap::edges_text(problem.methods[0].tuned->edges) == "lr lowest");
  CHECK(method_in(problem, "fa").to_baseline->mean == 0);
  CHECK(method_in(problem, "fa").to_baseline->conclusion(problem.level) == Conclusion::same_results);
  CHECK(method_in(problem, "fa").same_as == "bp");
}

TEST_CASE("what is missing, damaged or diverged is counted beside the figures") {
  auto records = test::sweep({"bp", "fa"}, 6);
  remove(records, "fa", 3, true);
  remove(records, "fa", 5, true);
  for (TrialRecord& record : records) {
    const bool last = record.setting.options.rule == "bp" && record.setting.options.seed == 6;
    if (last && record.setting.validation == 0) record = test::diverged(record);
  }
  const auto key = trial_key(test::judged("fa", 0.1, 5, 0).setting);
  const auto summary =
      summarize_sweep({.records = records, .damaged = {{.key = key, .message = "found an empty file"}}});
  const ProblemSummary& problem = summary.problems.front();
  CHECK(method_in(problem, "fa").judging == TrialCounts{.expected = 6, .found = 4, .damaged = 1});
  CHECK(method_in(problem, "bp").judging == TrialCounts{.expected = 6, .found = 6, .diverged = 1});
  // Guessing one of ten classes.
  CHECK(method_in(problem, "bp").accuracies.back() == Approx(0.1));
  CHECK(method_in(problem, "bp").steps.reached == 5);
  // No interval where one diverged: the mean of the others stands beside it, and how often it may happen.
  CHECK_FALSE(method_in(problem, "bp").interval);
  CHECK(method_in(problem, "bp").finished->mean == Approx(0.903));
  CHECK(*method_in(problem, "bp").diverged_bound == Approx(0.5818).epsilon(1e-4));
  CHECK_FALSE(problem.ranked);
  CHECK(problem.common_seeds == 4);
  CHECK(summary.damaged.size() == 1);
}

TEST_CASE("a trial that failed counts as guessing, like one that diverged, and its reason is kept") {
  auto records = test::sweep({"bp", "fa"}, 6);
  for (TrialRecord& record : records) {
    const bool last = record.setting.options.rule == "fa" && record.setting.options.seed == 6;
    if (last && record.setting.options.lr == 0.1) record = test::failed(record);
  }
  const auto summary = summarize_sweep({.records = records, .damaged = {}});
  const MethodSummary& fa = method_in(summary.problems.front(), "fa");
  CHECK(fa.judging == TrialCounts{.expected = 6, .found = 6, .failed = 1});
  CHECK(fa.tuning.failed == 1);
  CHECK(fa.tuning.diverged == 0);
  CHECK(fa.accuracies.back() == Approx(0.1));
  CHECK_FALSE(fa.interval);
  CHECK(fa.finished);
  CHECK(fa.steps.reached == 5);
  CHECK(fa.failure == "training cannot go on at epoch 1, step 2: no way down");
  CHECK(soap::sweep_summary_csv(summary).find(fa.failure) != std::string::npos);
}

TEST_CASE("successive halving's gaps are told from missing trials") {
  auto records = test::sweep({"bp"}, 2);
  std::erase_if(records, [](const TrialRecord& record) {
    return record.setting.options.lr == 1 && record.setting.options.seed == 2;
  });
  CHECK(method_in(summary_of(records), "bp").halved);
  CHECK(method_in(summary_of(records), "bp").tuning.missing() == 1);
  remove(records, "bp", 2, false);
  CHECK_FALSE(method_in(summary_of(records), "bp").halved);
  CHECK_FALSE(method_in(summary_of(test::sweep({"bp"}, 2)), "bp").halved);
}

TEST_CASE("the test set chooses nothing, and every other reading of it is counted") {
  auto records = test::sweep({"bp", "fa"}, 5);
  records.push_back(test::judged("fa", 1, 1, 0.999));
  const ProblemSummary problem = summary_of(records);
  CHECK(method_in(problem, "fa").chosen->options.lr == 0.1);
  CHECK(method_in(problem, "fa").other_test_readings == 1);
  CHECK(method_in(problem, "fa").accuracy->mean == Approx(0.893));
}

TEST_CASE("one setting for both: at the baseline's best, each at its own, and over all that both have") {
  std::vector<TrialRecord> records;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    records.push_back(test::tuned("bp", 0.1, seed, 0.9));
    records.push_back(test::tuned("bp", 1, seed, 0.5));
    records.push_back(test::tuned("fa", 0.1, seed, 0.6));
    records.push_back(test::tuned("fa", 1, seed, 0.88));
  }
  const auto both = method_in(summary_of(records), "fa").one_setting;
  REQUIRE(both);
  CHECK(both->at_baselines_best == Approx(-0.3));
  CHECK(both->each_at_its_best == Approx(-0.02));
  CHECK(both->shared == 2);
  CHECK(both->lowest == Approx(-0.3));
  CHECK(both->lowest_setting.options.lr == 0.1);
  CHECK(both->highest == Approx(0.38));
}

TEST_CASE("problems are kept apart, and so are trials that were evaluated in another way") {
  auto records = test::sweep({"bp"}, 5);
  for (TrialRecord record : test::sweep({"bp", "fa"}, 2)) {
    record.setting.options.hidden = {7};
    records.push_back(record);
  }
  TrialRecord other = test::tuned("bp", 0.1, 1, 0.1);
  other.setting.validation = 50;
  records.push_back(other);
  const auto summary = summarize_sweep({.records = records, .damaged = {}});
  REQUIRE(summary.problems.size() == 2);
  CHECK(summary.problems[0].methods.size() == 1);
  CHECK(summary.problems[0].passed_over == 1);
  CHECK(summary.problems[0].methods[0].tuning.found == 15);
  CHECK(summary.problems[1].methods.size() == 2);
  CHECK(summary.problems[1].seeds == std::vector<std::uint64_t>{1, 2});
  CHECK_THROWS_AS(summarize_sweep({.records = {}, .damaged = {{.key = "x", .message = "y"}}}),
                  std::invalid_argument);
}
