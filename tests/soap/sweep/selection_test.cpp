#include "soap/sweep/selection.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
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
  CHECK(selections[0].edges == std::vector{soap::Edge{.name = "lr", .highest = true}});
  CHECK(selections[1].chosen().setting.options.lr == 1);
}

TEST_CASE("a best value in the middle and one alone lie at no edge; the lowest does") {
  const auto edges = [](const std::vector<TrialRecord>& records) {
    return soap::edges_text(select_choices(records).front().edges);
  };
  CHECK(edges({record("bp", 0.1, 1, 0.9)}).empty());
  CHECK(edges({record("bp", 0.1, 1, 0.9), record("bp", 1, 1, 0.8)}) == "lr lowest");
  CHECK(edges({record("bp", 0.1, 1, 0.9), record("bp", 1, 1, 0.8), record("bp", 0.01, 1, 0.8)}).empty());
  // What was tried with another optimizer says nothing.
  TrialRecord other = record("bp", 0.01, 1, 0.5);
  other.setting.options.optimizer = "adam";
  CHECK(edges({record("bp", 0.1, 1, 0.9), record("bp", 1, 1, 0.8), other}) == "lr lowest");
}

TEST_CASE("every number of a choice has edges, but where nothing can lie beyond") {
  // All combinations of two values each, of which one is best.
  const auto edges = [](const soap::TrialOptions& best, const std::vector<std::string>& optimizers,
                        const std::vector<soap::Index>& batches, const std::vector<std::string>& schedules) {
    std::vector<TrialRecord> records;
    for (const std::string& optimizer : optimizers) {
      for (const soap::Index batch : batches) {
        for (const std::string& schedule : schedules) {
          TrialRecord tried = record("bp", best.lr, 1, 0.5);
          tried.setting.options.optimizer = optimizer;
          tried.setting.options.batch_size = batch;
          tried.setting.options.schedule = schedule;
          if (optimizer == best.optimizer && batch == best.batch_size && schedule == best.schedule)
            tried.judged->accuracy = 0.9;
          records.push_back(tried);
        }
      }
    }
    return soap::edges_text(select_choices(records).front().edges);
  };
  const std::vector<std::string> momenta = {"sgd:momentum=0.5", "sgd:momentum=0.9"};
  CHECK(edges({.optimizer = momenta[1], .batch_size = 64}, momenta, {64, 128}, {"constant"}) ==
        "batch size lowest, momentum highest");
  CHECK(edges({.optimizer = momenta[0], .batch_size = 128}, momenta, {64, 128}, {"constant"}) ==
        "batch size highest, momentum lowest");
  CHECK(edges({.optimizer = "sgd:momentum=0", .batch_size = 1}, {"sgd:momentum=0", momenta[1]}, {1, 2},
              {"constant"})
            .empty());
  CHECK(edges({.optimizer = "sgd"}, {"sgd", momenta[1]}, {64}, {"constant"}).empty());
  CHECK(edges({.optimizer = momenta[1]}, {"sgd", momenta[1]}, {64}, {"constant"}) == "momentum highest");
  // What is not given counts by its default, which is 0.01 here.
  CHECK(edges({.optimizer = "adamw:weight_decay=0.001"}, {"adamw", "adamw:weight_decay=0.001"}, {64},
              {"constant"}) == "weight decay lowest");
  CHECK(edges({.optimizer = "adamw"}, {"adamw", "adamw:weight_decay=0.001"}, {64}, {"constant"}) ==
        "weight decay highest");
  CHECK(edges({.optimizer = "adam:weight_decay=1e-9"},
              {"adam:weight_decay=1e-9", "adam:weight_decay=0.01", "adam:weight_decay=0.001"}, {64},
              {"constant"}) == "weight decay lowest");
  CHECK(edges({.schedule = "cosine:warmup=9"}, {"sgd"}, {64}, {"cosine:warmup=9", "cosine:warmup=10"}) ==
        "schedule warmup lowest");
  CHECK(edges({.schedule = "cosine:final=1"}, {"sgd"}, {64}, {"cosine:final=1", "cosine:final=0.5"}).empty());
}

TEST_CASE(
    "settings drawn from a grid, of which no two share the rest, have the edges of all that was tried") {
  // The highest learning rate of three with one seed each, as --budget draws them.
  std::vector<TrialRecord> records = {record("bp", 0.01, 1, 0.5), record("bp", 0.1, 1, 0.6),
                                      record("bp", 1, 1, 0.9)};
  records[0].setting.options.optimizer = "sgd:momentum=0.9";
  records[1].setting.options.optimizer = "sgd:momentum=0";
  records[2].setting.options.optimizer = "sgd:momentum=0.5";
  CHECK(soap::edges_text(select_choices(records).front().edges) == "lr highest");
  // A choice that was dropped after its first seed was tried too.
  records = {record("bp", 0.1, 1, 0.6), record("bp", 0.1, 2, 0.6), record("bp", 1, 1, 0.5)};
  CHECK(soap::edges_text(select_choices(records).front().edges) == "lr lowest");
}

TEST_CASE("a diverged trial counts as guessing and stays in the count") {
  const auto selection = select_choices({record("bp", 0.1, 1, 0.6), record("bp", 0.1, 2, 0.6),
                                         record("bp", 1, 1, 0.95), diverged("bp", 1, 2)})
                             .front();
  CHECK(selection.chosen().setting.options.lr == 0.1);
  CHECK(selection.choices[1].accuracy == doctest::Approx((0.95 + 0.1) / 2));
  CHECK(selection.choices[1].broke_off == 1);
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
  // By the alphabet of problems: "hidden 1000" comes before "hidden 256".
  CHECK(trials[1].options.hidden == std::vector<soap::Index>{1000});
  CHECK(trials[2].options.hidden == std::vector<soap::Index>{256});
  CHECK(trials[5].options.epochs == 9);
}

TEST_CASE("the choice is that of the set of records, whatever their order") {
  // Three choices of two methods in two problems, whose means over three seeds are equal, 0.2, but for the
  // rounding of sums: (0.1 + 0.2) + 0.3 is above 0.1 + (0.2 + 0.3).
  std::vector<TrialRecord> records;
  for (const std::string rule : {"fa", "bp"}) {
    for (const soap::Index width : {30, 20}) {
      for (const double lr : {0.3, 0.1, 1.0}) {
        const std::vector<double> shares =
            lr == 0.3 ? std::vector{0.1, 0.2, 0.3}
                      : (lr == 0.1 ? std::vector{0.3, 0.2, 0.1} : std::vector{0.2, 0.2, 0.2});
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
          records.push_back(record(rule, lr, seed, shares[seed - 1]));
          records.back().setting.options.hidden = {width};
        }
      }
    }
  }
  std::mt19937 random(3);  // NOLINT: the same orders each time
  for (int order = 0; order < 1000; ++order) {
    std::shuffle(records.begin(), records.end(), random);
    const auto selections = select_choices(records);
    REQUIRE(selections.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      const auto& chosen = selections[i].chosen();
      REQUIRE(chosen.setting.options.lr == 0.1);
      REQUIRE(chosen.setting.options.seed == 1);
      REQUIRE(chosen.setting.options.hidden.front() == (i < 2 ? 20 : 30));
      REQUIRE(chosen.setting.options.rule == (i % 2 == 0 ? "bp" : "fa"));
      REQUIRE(chosen.accuracy == select_choices(records)[i].chosen().accuracy);
    }
  }
}

TEST_CASE("of equal choices the lowest rate is best, then the smallest batch, decay and the first name") {
  const auto chosen = [](std::vector<soap::TrialOptions> tried) {
    std::vector<TrialRecord> records;
    for (const auto& options : tried) {
      records.push_back(record("bp", 0.1, 1, 0.5));
      records.back().setting.options = options;
    }
    return choice_of(select_choices(records).front().chosen().setting);
  };
  CHECK(chosen({{.lr = 0.2, .batch_size = 8}, {.lr = 0.1, .batch_size = 64}}) ==
        "lr 0.1, sgd, constant, batch 64, xavier_normal");
  CHECK(chosen({{.batch_size = 64}, {.batch_size = 8}, {.batch_size = 128}}) ==
        "lr 0.01, sgd, constant, batch 8, xavier_normal");
  // By size: as texts 1e-13 stands behind 0.001.
  CHECK(chosen({{.optimizer = "sgd:weight_decay=0.001"}, {.optimizer = "sgd:weight_decay=1e-13"}}) ==
        "lr 0.01, sgd:weight_decay=1e-13, constant, batch 64, xavier_normal");
  CHECK(chosen({{.optimizer = "sgd:momentum=0.9"}, {.optimizer = "sgd"}, {.optimizer = "rmsprop"}}) ==
        "lr 0.01, rmsprop, constant, batch 64, xavier_normal");
  CHECK(
      chosen({{.schedule = "cosine:warmup=9"}, {.schedule = "cosine:warmup=10"}, {.schedule = "constant"}}) ==
      "lr 0.01, sgd, constant, batch 64, xavier_normal");
  CHECK(chosen({{.schedule = "cosine:warmup=10"}, {.schedule = "cosine:warmup=9"}}) ==
        "lr 0.01, sgd, cosine:warmup=9, batch 64, xavier_normal");
  CHECK(chosen({{.initializer = "zeros"}, {.initializer = "he_normal"}}) ==
        "lr 0.01, sgd, constant, batch 64, he_normal");
}

TEST_CASE("one right image more is no tie") {
  // 59 million images by 10 seeds are more than anyone has: their means differ by 1.7e-9.
  const double image = 1.0 / 59e6;
  std::vector<TrialRecord> records;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    records.push_back(record("bp", 0.1, seed, 0.5));
    records.push_back(record("bp", 1, seed, seed == 7 ? 0.5 + image : 0.5));
  }
  CHECK(select_choices(records).front().chosen().setting.options.lr == 1);
}
