#include "soap/sweep/halving.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "soap/sweep/selection.hpp"

using soap::halving_trials;
using soap::SuccessiveHalving;
using soap::TrialRecord;
using soap::TrialSetting;

namespace {

const std::vector<double> rates = {0.001, 0.01, 0.1, 1, 10};

std::vector<TrialSetting> grid(const std::vector<std::string>& rules,
                               const std::vector<std::uint64_t>& seeds) {
  std::vector<TrialSetting> trials;
  for (const double lr : rates) {
    for (const auto& rule : rules) {
      for (const auto seed : seeds) {
        trials.push_back(
            {.options = {.rule = rule, .lr = lr, .seed = seed}, .data = "images", .validation = 10});
      }
    }
  }
  return trials;
}

// What each trial gets right.
using World = double (*)(const TrialSetting&);

std::vector<TrialRecord> judged_in(const std::vector<TrialSetting>& trials, World world) {
  std::vector<TrialRecord> records;
  for (const auto& setting : trials) {
    TrialRecord record;
    record.setting = setting;
    record.classes = 10;
    record.judged = soap::Evaluation{.loss = 1, .accuracy = world(setting)};
    records.push_back(record);
  }
  return records;
}

// How many seeds each rule and learning rate has.
std::map<std::pair<std::string, double>, std::size_t> seeds_of(const std::vector<TrialSetting>& trials) {
  std::map<std::pair<std::string, double>, std::size_t> seeds;
  for (const auto& trial : trials) ++seeds[{trial.options.rule, trial.options.lr}];
  return seeds;
}

double peak_at_a_tenth(const TrialSetting& setting) {
  const double lr = setting.options.lr;
  return lr == 0.1 ? 0.9 : (lr == 1 ? 0.8 : (lr == 0.01 ? 0.7 : 0.2));
}

double peak_at_one_or_a_tenth(const TrialSetting& setting) {
  if (setting.options.rule == "bp") return peak_at_a_tenth(setting);
  return setting.options.lr == 1 ? 0.95 : peak_at_a_tenth(setting);
}

// On the first seed alone the highest rate does best.
double lucky_seed(const TrialSetting& setting) {
  if (setting.options.lr == 10 && setting.options.seed == 3) return 0.99;
  return peak_at_a_tenth(setting);
}

}  // namespace

TEST_CASE("each round gives the better half of every method's choices more seeds") {
  const SuccessiveHalving halving(grid({"bp", "fa"}, {3, 4, 5, 6, 7}), {3, 4, 5, 6, 7});
  CHECK(halving.rounds() == 3);  // 1, 2 and 4 seeds; the fifth would be that of the one that is left
  const auto first = halving.trials(0, {});
  CHECK(first.size() == 2 * 5);
  CHECK(std::all_of(first.begin(), first.end(), [](const auto& trial) { return trial.options.seed == 3; }));

  const auto second = halving.trials(1, judged_in(first, peak_at_one_or_a_tenth));
  auto seeds = seeds_of(second);
  CHECK(second.size() == 2 * (5 + 3));
  CHECK(seeds[{"bp", 0.1}] == 2);
  CHECK(seeds[{"bp", 1}] == 2);
  CHECK(seeds[{"bp", 0.01}] == 2);
  CHECK(seeds[{"bp", 10}] == 1);

  const auto last = halving.trials(2, judged_in(second, peak_at_one_or_a_tenth));
  seeds = seeds_of(last);
  CHECK(seeds[{"bp", 0.1}] == 4);
  CHECK(seeds[{"bp", 1}] == 4);
  CHECK(seeds[{"fa", 1}] == 4);
  CHECK(seeds[{"fa", 0.1}] == 4);
  CHECK(seeds[{"fa", 0.01}] == 2);
  CHECK(last.size() == 2 * halving_trials(5, 5));
  CHECK(halving_trials(5, 5) == 5 + 3 + 2 * 2);
  const auto selections = soap::select_choices(judged_in(last, peak_at_one_or_a_tenth));
  REQUIRE(selections.size() == 2);
  CHECK(selections[0].chosen().setting.options.lr == 0.1);
  CHECK(selections[1].chosen().setting.options.lr == 1);
  CHECK(selections[1].chosen().trials == 4);
  std::set<std::string> keys;
  for (const auto& trial : last) keys.insert(trial_key(trial));
  CHECK(keys.size() == last.size());
}

TEST_CASE("a lucky first seed is forgotten, and results of later seeds change no earlier round") {
  const std::vector<std::uint64_t> seeds = {3, 4};
  const SuccessiveHalving halving(grid({"bp"}, seeds), seeds);
  const auto round = [&](const std::vector<TrialRecord>& records) {
    return seeds_of(halving.trials(1, records));
  };
  auto fair = round(judged_in(halving.trials(0, {}), lucky_seed));
  CHECK(fair[{"bp", 10}] == 2);
  // The whole grid is there from an earlier sweep: the first round still sees the first seed alone.
  CHECK(round(judged_in(grid({"bp"}, seeds), lucky_seed)) == fair);
}

TEST_CASE("of equal choices those with the lowest rates go on, and one seed needs one round") {
  const auto all_equal = [](const TrialSetting&) { return 0.5; };
  auto descending = grid({"bp"}, {1, 2});
  std::reverse(descending.begin(), descending.end());
  const SuccessiveHalving halving(descending, {1, 2});
  auto seeds = seeds_of(halving.trials(1, judged_in(halving.trials(0, {}), all_equal)));
  CHECK(seeds[{"bp", 0.1}] == 2);
  CHECK(seeds[{"bp", 1}] == 1);
  CHECK(SuccessiveHalving(grid({"bp"}, {1}), {1}).rounds() == 1);
}

TEST_CASE("no trial is run when one choice is left") {
  CHECK(soap::halving_seeds(5, 5) == std::vector<std::size_t>{4, 4, 2, 1, 1});
  CHECK(halving_trials(7, 1) == 7);
  // 7 with one seed, 4 with a second, 2 with two more; until all ten seeds it would be 6 more for the last.
  CHECK(soap::halving_seeds(7, 10) == std::vector<std::size_t>{4, 4, 2, 2, 1, 1, 1});
  CHECK(halving_trials(7, 10) == 7 + 4 + 2 * 2);
  CHECK(soap::halving_seeds(3, 10) == std::vector<std::size_t>{2, 2, 1});
  CHECK(soap::halving_seeds(2, 10) == std::vector<std::size_t>{1, 1});
  CHECK(soap::halving_seeds(1, 10) == std::vector<std::size_t>{1});
  CHECK(soap::halving_seeds(64, 2).front() == 2);
  CHECK(halving_trials(64, 2) == 64 + 32);

  // A method with fewer choices than another ends earlier, and stays as it is.
  auto both = grid({"bp", "fa"}, {1, 2, 3, 4});
  std::erase_if(both, [](const auto& trial) { return trial.options.rule == "fa" && trial.options.lr < 1; });
  const SuccessiveHalving halving(both, {1, 2, 3, 4});
  std::vector<TrialSetting> trials;
  for (std::size_t round = 0; round < halving.rounds(); ++round)
    trials = halving.trials(round, judged_in(trials, peak_at_a_tenth));
  auto seeds = seeds_of(trials);
  CHECK(halving.rounds() == 3);
  CHECK(seeds[{"bp", 0.1}] == 4);
  CHECK(seeds[{"fa", 1}] == 1);
  CHECK(seeds[{"fa", 10}] == 1);
}
