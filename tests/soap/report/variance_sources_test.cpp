#include "soap/report/variance_sources.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/report/report_folder.hpp"
#include "soap/report/sweep_csv.hpp"
#include "soap/report/sweep_report.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/trial_records.hpp"

using namespace soap;

namespace {

TrialRecord changed(TrialRecord record, ChanceSource source, double accuracy) {
  own_seed(record.setting.options, source) = record.setting.options.seed + 100;
  record.judged->accuracy = accuracy;
  return record;
}

// The trials of tests/reference/variance_sources.py.
StoredTrials example(const std::string& rule = "fa") {
  const std::vector<double> judged = {0.90, 0.92, 0.91, 0.94, 0.88};
  StoredTrials trials;
  for (std::size_t i = 0; i < judged.size(); ++i)
    trials.records.push_back(test::judged(rule, 0.1, i + 1, judged[i]));
  const auto change = [&](ChanceSource source, const std::vector<double>& accuracies) {
    for (std::size_t i = 0; i < accuracies.size(); ++i)
      trials.own_seeds.push_back(changed(trials.records[i], source, accuracies[i]));
  };
  change(ChanceSource::init, {0.91, 0.90, 0.91, 0.93, 0.90});
  change(ChanceSource::order, {0.93, 0.92, 0.88, 0.94, 0.89});
  change(ChanceSource::feedback, {0.90, 0.93, 0.92});
  return trials;
}

bool is(const Interval& interval, double low, double high) {
  return interval.low == doctest::Approx(low).epsilon(1e-5) &&
         interval.high == doctest::Approx(high).epsilon(1e-5);
}

}  // namespace

TEST_CASE("deviations, intervals, shares and the remainder are those of the reference") {
  const auto variances = variance_sources(example());
  REQUIRE(variances.size() == 1);
  const MethodVariance& fa = variances.front();
  CHECK(fa.trials == 5);
  CHECK(fa.deviation.value() == doctest::Approx(0.022360680));
  CHECK(is(fa.interval.value(), 0.0133970, 0.0642547));
  REQUIRE(fa.sources.size() == 3);
  CHECK(fa.sources[0].source == ChanceSource::init);
  CHECK(fa.sources[0].pairs == 5);
  CHECK(fa.sources[0].deviation == doctest::Approx(0.01));
  CHECK(is(fa.sources[0].interval.value(), 0.0062421, 0.0245261));
  CHECK(fa.sources[0].share.value() == doctest::Approx(0.2));
  CHECK(fa.sources[1].deviation == doctest::Approx(0.013784049));
  CHECK(is(fa.sources[1].interval.value(), 0.0086041, 0.0338070));
  CHECK(fa.sources[1].share.value() == doctest::Approx(0.38));
  CHECK(fa.sources[2].pairs == 3);
  CHECK(fa.sources[2].deviation == doctest::Approx(0.005773503));
  CHECK(is(fa.sources[2].interval.value(), 0.0032706, 0.0215268));
  CHECK(fa.sources[2].share.value() == doctest::Approx(1.0 / 15));
  CHECK(fa.remainder().value() == doctest::Approx(0.353333333));

  CHECK(variance_section(variances).ends_with(
      "| method | setting | what differs | trials | deviation, points | 95 % interval | share % |\n"
      "|---|---|---|---:|---:|---:|---:|\n"
      "| `fa` | lr 0.1 | all together | 5 | 2.24 | 1.34 to 6.43 | 100 |\n"
      "|  |  | initial weights | 5 | 1.00 | 0.62 to 2.45 | 20 |\n"
      "|  |  | order of examples | 5 | 1.38 | 0.86 to 3.38 | 38 |\n"
      "|  |  | feedback | 3 | 0.58 | 0.33 to 2.15 | 7 |\n"
      "|  |  | remainder |  |  |  | 35 |\n\n"));
  const std::string table = variance_table(variances);
  CHECK(std::count(table.begin(), table.end(), '\n') == 1 + 4);
  CHECK(table.find(",fa,0.1,sgd,constant,64,even,xavier_normal,init,5,0,0.0") != std::string::npos);
}

TEST_CASE("pairs are found whatever the order of files, and only within one setting") {
  StoredTrials trials = example();
  const StoredTrials others = example("dfa");
  trials.records.insert(trials.records.begin(), others.records.begin(), others.records.end());
  std::reverse(trials.own_seeds.begin(), trials.own_seeds.end());
  // A network of its own, another learning rate, a trial of tuning and one with two sources changed: no
  // pairs.
  TrialRecord stranger = trials.own_seeds.front();
  stranger.setting.options.hidden = {1000};
  TrialRecord other_rate = trials.own_seeds.front();
  other_rate.setting.options.lr = 1;
  TrialRecord tuning = trials.own_seeds.front();
  tuning.setting.validation = 100;
  TrialRecord two = trials.own_seeds.front();
  for (const ChanceSource source : chance_sources) own_seed(two.setting.options, source) = 77;
  for (const auto& record : {stranger, other_rate, tuning, two}) trials.own_seeds.push_back(record);
  const auto variances = variance_sources(trials);
  REQUIRE(variances.size() == 1);
  CHECK(method_of(variances.front().setting) == "fa");
  CHECK(variance_table(variances) == variance_table(variance_sources(example())));
}

TEST_CASE("a diverged trial counts as guessing and is told; equal results have no interval and no share") {
  StoredTrials trials = example();
  trials.own_seeds.resize(1);
  trials.own_seeds[0] = test::diverged(trials.own_seeds[0]);
  const auto variances = variance_sources(trials);
  CHECK(variances[0].sources[0].broke_off == 1);
  CHECK(variances[0].sources[0].deviation == doctest::Approx((0.9 - 0.1) / 1.41421356));
  CHECK(variance_section(variances).find("| 1, 1 broke off |") != std::string::npos);

  StoredTrials equal;
  for (const std::uint64_t seed : {1, 2}) {
    equal.records.push_back(test::judged("bp", 0.1, seed, 0.9));
    equal.own_seeds.push_back(changed(equal.records.back(), ChanceSource::order, 0.9));
  }
  const auto same = variance_sources(equal);
  CHECK(same[0].sources[0].deviation == 0);
  CHECK_FALSE(same[0].sources[0].interval);
  CHECK_FALSE(same[0].sources[0].share);
  CHECK_FALSE(same[0].remainder());
  CHECK(variance_section(variance_sources({.records = example().records, .damaged = {}})).empty());
}

TEST_CASE("the trials to run: each chosen setting, each seed, each source that its method has") {
  auto records = test::sweep({"bp", "fa"}, 4);
  const auto selections = select_choices(records);
  const auto trials = variance_trials(selections, {1, 2, 3}, 20, 10);
  CHECK(trials.size() == 3 * 2 + 3 * 3);
  std::set<std::string> keys;
  for (const TrialSetting& trial : trials) {
    keys.insert(trial_key(trial));
    CHECK(trial.validation == 0);
    CHECK(trial.options.lr == 0.1);
    CHECK(std::count_if(chance_sources.begin(), chance_sources.end(),
                        [&](ChanceSource source) { return has_own_seed(trial.options, source); }) == 1);
    CHECK_FALSE((trial.options.rule == "bp" && has_own_seed(trial.options, ChanceSource::feedback)));
  }
  CHECK(keys.size() == trials.size());
  // More seeds only add.
  for (const TrialSetting& trial : variance_trials(selections, {1, 2, 3, 4}, 20, 10))
    keys.erase(trial_key(trial));
  CHECK(keys.empty());
}

TEST_CASE("trials with seeds of their own change nothing else in a report, and have a part of it") {
  const auto save = [](const test::TemporaryFolder& folder, const std::vector<TrialRecord>& records) {
    const TrialStore store(folder.path());
    for (const TrialRecord& record : records) store.save(record);
  };
  const auto sweep = test::sweep({"bp", "fa"}, 6);
  std::vector<TrialRecord> more;
  for (const TrialRecord& record : sweep) {
    if (record.setting.validation > 0) continue;
    for (const ChanceSource source : chance_sources) more.push_back(changed(record, source, 0.5));
  }
  const test::TemporaryFolder plain;
  save(plain, sweep);
  const test::TemporaryFolder both;
  save(both, sweep);
  save(both, more);
  CHECK(read_trials(both.path()).own_seeds.size() == more.size());
  const SweepSummary expected = write_report(plain.path());
  const SweepSummary found = write_report(both.path());
  CHECK(sweep_summary_csv(found) == sweep_summary_csv(expected));
  CHECK(found.results == sweep.size() + more.size());
  std::string page = report_page(found);
  const std::string part = variance_section(found.variances);
  REQUIRE(page.find(part.substr(0, part.size() - 1)) != std::string::npos);
  CHECK(page.substr(page.find("## Verdict"), page.find(part.substr(0, 30)) - page.find("## Verdict")) ==
        report_page(expected).substr(report_page(expected).find("## Verdict")) + "\n");
  CHECK(std::filesystem::exists(both.path() / "report/variance.csv"));
  CHECK_FALSE(std::filesystem::exists(plain.path() / "report/variance.csv"));
  // None of an earlier report stays.
  std::filesystem::remove_all(both.path() / "trials");
  save(both, sweep);
  (void)write_report(both.path());
  CHECK_FALSE(std::filesystem::exists(both.path() / "report/variance.csv"));
}
