#include "soap/experiment/selection.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using soap::select_choices;
using soap::TrialRecord;
using soap::TrialStatus;

namespace {

TrialRecord record(const std::string& rule, double lr, std::uint64_t seed, double accuracy) {
  TrialRecord result;
  result.setting = {.options = {.rule = rule, .lr = lr, .seed = seed}, .data = "images", .validation = 100};
  result.classes = 10;
  result.judged = soap::Evaluation{.loss = 1, .accuracy = accuracy};
  return result;
}

TrialRecord diverged(const std::string& rule, double lr, std::uint64_t seed) {
  TrialRecord result = record(rule, lr, seed, 0);
  result.status = TrialStatus::diverged;
  result.judged.reset();
  return result;
}

}  // namespace

TEST_CASE("each method gets the learning rate with the best mean over seeds") {
  const auto selections =
      select_choices({record("bp", 0.1, 1, 0.9), record("fa", 0.1, 1, 0.8), record("bp", 0.01, 1, 0.5),
                      record("bp", 1, 1, 0.85), record("fa", 1, 1, 0.9), record("bp", 0.1, 2, 0.7),
                      record("bp", 1, 2, 0.8), record("bp", 0.01, 2, 0.99)});
  REQUIRE(selections.size() == 2);
  CHECK(selections[0].chosen().setting.options.lr == 1);
  CHECK(selections[0].chosen().accuracy == doctest::Approx(0.825));
  CHECK(selections[0].chosen().trials == 2);
  CHECK(selections[0].at_upper_edge);
  CHECK_FALSE(selections[0].at_lower_edge);
  CHECK(selections[1].chosen().setting.options.lr == 1);
}

TEST_CASE("a best value in the middle and one alone lie at no edge; the lowest does") {
  const auto edges = [](const std::vector<TrialRecord>& records) {
    const auto selection = select_choices(records).front();
    return std::string(selection.at_lower_edge ? "lower" : "") + (selection.at_upper_edge ? "upper" : "");
  };
  CHECK(edges({record("bp", 0.1, 1, 0.9)}).empty());
  CHECK(edges({record("bp", 0.1, 1, 0.9), record("bp", 1, 1, 0.8)}) == "lower");
  CHECK(edges({record("bp", 0.1, 1, 0.9), record("bp", 1, 1, 0.8), record("bp", 0.01, 1, 0.8)}).empty());
  // The values tried with another batch size are another grid.
  TrialRecord other = record("bp", 0.01, 1, 0.5);
  other.setting.options.batch_size = 8;
  CHECK(edges({record("bp", 0.1, 1, 0.9), record("bp", 1, 1, 0.8), other}) == "lower");
}

TEST_CASE("a diverged trial counts as guessing and stays in the count") {
  const auto selection = select_choices({record("bp", 0.1, 1, 0.6), record("bp", 0.1, 2, 0.6),
                                         record("bp", 1, 1, 0.95), diverged("bp", 1, 2)})
                             .front();
  CHECK(selection.chosen().setting.options.lr == 0.1);
  CHECK(selection.choices[1].accuracy == doctest::Approx((0.95 + 0.1) / 2));
  CHECK(selection.choices[1].diverged == 1);
  CHECK(selection.choices[1].trials == 2);
}

TEST_CASE("one lucky seed does not beat a choice with all of them") {
  const auto selection =
      select_choices({record("bp", 0.1, 1, 0.6), record("bp", 0.1, 2, 0.6), record("bp", 1, 1, 0.95)})
          .front();
  CHECK(selection.chosen().setting.options.lr == 0.1);
}

TEST_CASE("networks and lengths of training are problems of their own, and the test set chooses nothing") {
  TrialRecord wide = record("bp", 0.1, 1, 0.9);
  wide.setting.options.hidden = {1000};
  TrialRecord longer = record("bp", 0.1, 1, 0.9);
  longer.setting.options.epochs = 9;
  TrialRecord judged = record("bp", 5, 1, 0.999);
  judged.setting.validation = 0;
  const auto selections = select_choices({record("bp", 0.1, 1, 0.8), wide, longer, judged});
  REQUIRE(selections.size() == 3);
  CHECK(selections[0].chosen().setting.options.lr == 0.1);

  const auto trials = soap::judging_trials(selections, {4, 5});
  REQUIRE(trials.size() == 6);
  CHECK(trials[1].options.seed == 5);
  CHECK(trials[1].validation == 0);
  CHECK(trials[2].options.hidden == std::vector<soap::Index>{1000});
}
