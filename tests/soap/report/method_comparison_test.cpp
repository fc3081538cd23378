#include "soap/report/method_comparison.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/sweep_summaries.hpp"
#include "tests/support/trial_records.hpp"

using doctest::Approx;
using soap::Conclusion;
using soap::MethodSummary;
using soap::ProblemSummary;
using soap::SweepSummaryOptions;
using soap::TrialRecord;
using test::method_in;
using test::summary_of;

namespace {

Conclusion conclusion(const ProblemSummary& problem, const std::string& name) {
  return method_in(problem, name).to_baseline->conclusion(problem.level);
}

// Judged trials alone; `accuracy` of a rule and a seed.
std::vector<TrialRecord> judged(const std::vector<std::string>& rules, std::uint64_t seeds,
                                const std::function<double(const std::string&, std::uint64_t)>& accuracy) {
  std::vector<TrialRecord> records;
  for (const auto& rule : rules) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
      records.push_back(test::judged(rule, 0.1, seed, accuracy(rule, seed)));
  }
  return records;
}

double bp_at(std::uint64_t seed) { return 0.9 + static_cast<double>(seed * seed % 7) / 1000; }

}  // namespace

TEST_CASE("a copy of the baseline, or of another method, destroys no decision") {
  const auto accuracy = [](const std::string& rule, std::uint64_t seed) {
    return rule == "fa" || rule == "lowrank" ? bp_at(seed) - 0.0887 - static_cast<double>(seed) / 5000
                                             : bp_at(seed);
  };
  // All 6 seeds agree: p is 2/2^6 = 0.03125, below the 0.035 of a first look.
  const ProblemSummary alone = summary_of(judged({"bp", "fa"}, 6, accuracy));
  CHECK(*method_in(alone, "fa").to_baseline->corrected == Approx(0.03125));
  CHECK(conclusion(alone, "fa") == Conclusion::worse);
  const ProblemSummary beside = summary_of(judged({"bp", "delayed", "fa", "lowrank"}, 6, accuracy));
  CHECK(*method_in(beside, "fa").to_baseline->corrected == Approx(0.03125));
  CHECK(conclusion(beside, "fa") == Conclusion::worse);
  CHECK(conclusion(beside, "lowrank") == Conclusion::worse);
  CHECK(conclusion(beside, "delayed") == Conclusion::same_results);
  CHECK(method_in(beside, "delayed").same_as == "bp");
  CHECK(method_in(beside, "lowrank").same_as == "fa");
  // Of the six pairs two are copies of themselves, and four are one question.
  for (const auto& pair : beside.pairs) {
    const auto& difference = pair.difference;
    if (difference.same) continue;
    CHECK(*difference.corrected == Approx(0.03125));
  }
}

TEST_CASE("tests that cannot reach the level leave the family, and zeros count for nothing") {
  // fa differs at all nine seeds: at the least 2/2^9. dfa differs at two only: 2/2^2 = 0.5.
  const auto accuracy = [](const std::string& rule, std::uint64_t seed) {
    if (rule == "fa") return bp_at(seed) - 0.01;
    return rule == "dfa" && seed <= 2 ? bp_at(seed) - 0.3 : bp_at(seed);
  };
  const ProblemSummary problem = summary_of(judged({"bp", "fa", "dfa"}, 9, accuracy));
  CHECK(*method_in(problem, "dfa").to_baseline->smallest_p == Approx(0.5));
  CHECK_FALSE(method_in(problem, "dfa").to_baseline->corrected);
  CHECK(conclusion(problem, "dfa") == Conclusion::undecidable);
  CHECK(*method_in(problem, "fa").to_baseline->corrected == Approx(2.0 / 512));
}

TEST_CASE("with a margin: equal within it, no worse by more, and worse by less, by signs counted by hand") {
  // Differences of nine seeds of a size s each: -s for `worse`, half of them either way for `equal`.
  const auto accuracy = [](const std::string& rule, std::uint64_t seed) {
    if (rule == "usf") return bp_at(seed) - 0.002;
    if (rule == "kp") return bp_at(seed) + (seed % 2 == 0 ? 0.001 : -0.001);
    if (rule == "fa") return bp_at(seed) - 0.05;
    return bp_at(seed);
  };
  const ProblemSummary problem =
      summary_of(judged({"bp", "usf", "kp", "fa"}, 9, accuracy), {.margin = 0.005});
  // With the margin added all nine are above 0: 1/2^9 one-sided; the largest of two such, times three for the
  // smallest p of three comparisons.
  CHECK(*method_in(problem, "kp").to_baseline->equivalence_p == Approx(3.0 / 512));
  CHECK(*method_in(problem, "usf").to_baseline->not_worse_p == Approx(3.0 / 512));
  CHECK(*method_in(problem, "fa").to_baseline->equivalence_p == Approx(1));
  CHECK(conclusion(problem, "kp") == Conclusion::equal);
  CHECK(conclusion(problem, "usf") == Conclusion::worse);
  CHECK(conclusion(problem, "fa") == Conclusion::worse);
  CHECK_THROWS_AS(summary_of(judged({"bp"}, 6, accuracy), {.margin = 0}), std::invalid_argument);
  CHECK_FALSE(method_in(summary_of(judged({"bp", "fa"}, 9, accuracy)), "fa").to_baseline->equivalence_p);
}

TEST_CASE("later looks have lower levels, and the same number of seeds again is no other look") {
  const auto records = judged({"bp", "fa"}, 15, [](const std::string& rule, std::uint64_t seed) {
    return bp_at(seed) - (rule == "fa" ? 0.01 : 0);
  });
  const std::string name = summary_of(records).name;
  const ProblemSummary first = summary_of(records);
  CHECK(first.looks == std::vector<std::size_t>{15});
  CHECK(first.level == Approx(0.035));
  const ProblemSummary second = summary_of(records, {.looks = {{name, {10, 15, 20}}, {"another", {7}}}});
  CHECK(second.looks == std::vector<std::size_t>{10, 15});
  CHECK(second.level < 0.02);
  CHECK(second.level >= 0.0075);  // what it may spend, since the looks are not independent
}

TEST_CASE("the order of the records changes nothing") {
  auto records = test::sweep({"bp", "fa", "dfa", "usf"}, 7);
  const auto figures = [&] {
    std::string text;
    const ProblemSummary problem = summary_of(records, {.margin = 0.02});
    for (const auto& found : problem.methods) {
      text += found.method + choice_of(*found.chosen) + std::to_string(found.accuracy->mean);
      if (found.to_baseline) text += std::to_string(*found.to_baseline->p);
      if (found.stability) text += std::to_string(found.stability->share);
    }
    return text;
  };
  const std::string expected = figures();
  std::mt19937 random(3);  // NOLINT: the same orders each time
  for (int i = 0; i < 20; ++i) {
    std::shuffle(records.begin(), records.end(), random);
    CHECK(figures() == expected);
  }
}
