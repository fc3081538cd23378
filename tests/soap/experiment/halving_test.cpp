#include "soap/experiment/halving.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

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

std::vector<TrialRecord> run(const std::vector<TrialSetting>& trials, World world) {
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
  CHECK(halving.rounds() == 4);  // 1, 2, 4 and 5 seeds
  const auto first = halving.trials(0, {});
  CHECK(first.size() == 2 * 5);
  CHECK(std::all_of(first.begin(), first.end(), [](const auto& trial) { return trial.options.seed == 3; }));

  const auto second = halving.trials(1, run(first, peak_at_one_or_a_tenth));
  auto seeds = seeds_of(second);
  CHECK(second.size() == 2 * (5 + 3));
  CHECK(seeds[{"bp", 0.1}] == 2);
  CHECK(seeds[{"bp", 1}] == 2);
  CHECK(seeds[{"bp", 0.01}] == 2);
  CHECK(seeds[{"bp", 10}] == 1);

  const auto last =
      halving.trials(3, run(halving.trials(2, run(second, peak_at_one_or_a_tenth)), peak_at_one_or_a_tenth));
  seeds = seeds_of(last);
  CHECK(seeds[{"bp", 0.1}] == 5);
  CHECK(seeds[{"bp", 1}] == 4);
  CHECK(seeds[{"fa", 1}] == 5);
  CHECK(seeds[{"fa", 0.1}] == 4);
  CHECK(seeds[{"fa", 0.01}] == 2);
  CHECK(last.size() == 2 * halving_trials(5, 5));
  CHECK(halving_trials(5, 5) == 5 + 3 + 2 * 2 + 1);
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
  auto fair = round(run(halving.trials(0, {}), lucky_seed));
  CHECK(fair[{"bp", 10}] == 2);
  // The whole grid is there from an earlier sweep: the first round still sees the first seed alone.
  CHECK(round(run(grid({"bp"}, seeds), lucky_seed)) == fair);
}

TEST_CASE("of equal choices those that come first in the grid go on, and one seed needs one round") {
  const auto all_equal = [](const TrialSetting&) { return 0.5; };
  const SuccessiveHalving halving(grid({"bp"}, {1, 2}), {1, 2});
  auto seeds = seeds_of(halving.trials(1, run(halving.trials(0, {}), all_equal)));
  CHECK(seeds[{"bp", 0.1}] == 2);
  CHECK(seeds[{"bp", 1}] == 1);
  CHECK(SuccessiveHalving(grid({"bp"}, {1}), {1}).rounds() == 1);
  CHECK(soap::halving_seeds(5, 5) == std::vector<std::size_t>{5, 4, 2, 1, 1});
  CHECK(halving_trials(7, 1) == 7);
  CHECK(halving_trials(7, 10) == 7 + 4 + 2 * 2 + 4 + 2);
}
