#include "soap/report/sweep_curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "soap/statistics/best_of.hpp"
#include "soap/statistics/censored.hpp"
#include "soap/statistics/moments.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

void add_point(Series& series, double x, const std::vector<double>& values) {
  series.x.push_back(x);
  series.y.push_back(values.empty() ? gap : mean_and_deviation(values).mean);
  series.band_low.push_back(values.empty() ? gap : *std::min_element(values.begin(), values.end()));
  series.band_high.push_back(values.empty() ? gap : *std::max_element(values.begin(), values.end()));
}

// An end that is not there breaks the band.
void add_median(Series& series, double x, const std::vector<CensoredTime>& times) {
  const auto interval = censored_median_interval(times);
  const bool both_ends = interval && std::isfinite(interval->high);
  series.x.push_back(x);
  series.y.push_back(censored_quantile(times, 0.5).value_or(gap));
  series.band_low.push_back(both_ends ? interval->low : gap);
  series.band_high.push_back(both_ends ? interval->high : gap);
}

CensoredTime steps_to_target(const TrialRecord& record) {
  if (record.steps_to_target) return {static_cast<double>(*record.steps_to_target), true};
  // More steps would not help one that broke off.
  return {
      broke_off(record.status) ? std::numeric_limits<double>::infinity() : static_cast<double>(record.steps),
      false};
}

// What a trial was worth after so many examples; guessing where it had broken off by then.
double accuracy_after(const TrialRecord& record, std::int64_t examples) {
  const auto sample =
      std::lower_bound(record.samples.begin(), record.samples.end(), examples,
                       [](const TrialSample& other, std::int64_t wanted) { return other.examples < wanted; });
  if (sample != record.samples.end() && sample->examples == examples) return sample->accuracy;
  return 1.0 / static_cast<double>(record.classes);
}

// A choice but for its learning rate.
std::string rest_of_choice(TrialSetting setting) {
  setting.options.lr = 1;
  return choice_of(setting);
}

}  // namespace

RateCurve rate_curve(const MethodSummary& method, const std::vector<const TrialRecord*>& tuning) {
  RateCurve curve;
  if (!method.tuned) return curve;
  const std::string rest = rest_of_choice(*method.chosen);
  std::map<double, std::vector<const TrialRecord*>> rates;
  for (const TrialRecord* record : tuning) {
    if (rest_of_choice(record->setting) == rest) rates[record->setting.options.lr].push_back(record);
  }
  for (const auto& [lr, records] : rates) {
    std::vector<double> accuracies;
    std::vector<double> losses;
    std::vector<CensoredTime> steps;
    std::size_t broken_off = 0;
    for (const TrialRecord* record : records) {
      accuracies.push_back(counted_accuracy(*record));
      steps.push_back(steps_to_target(*record));
      if (record->final_train_loss) losses.push_back(*record->final_train_loss);
      broken_off += broke_off(record->status) ? 1 : 0;
    }
    add_point(curve.accuracy, lr, accuracies);
    add_point(curve.loss, lr, losses);
    add_median(curve.steps, lr, steps);
    if (lr == method.chosen->options.lr) curve.best = curve.trials.size();
    curve.trials.push_back(records.size());
    curve.broke_off.push_back(broken_off);
  }
  return curve;
}

ProgressCurve progress_curve(const MethodSummary& method, const std::vector<const TrialRecord*>& tuning) {
  ProgressCurve curve;
  if (!method.tuned) return curve;
  const std::string chosen = choice_of(*method.chosen);
  std::vector<const TrialRecord*> records;
  const TrialRecord* longest = nullptr;
  for (const TrialRecord* record : tuning) {
    if (choice_of(record->setting) != chosen) continue;
    records.push_back(record);
    if (longest == nullptr || record->samples.size() > longest->samples.size()) longest = record;
  }
  if (longest == nullptr) return curve;
  bool all_tell_bits = true;
  std::vector<double> accuracies(records.size());
  for (const TrialSample& sample : longest->samples) {
    std::transform(records.begin(), records.end(), accuracies.begin(),
                   [&](const TrialRecord* record) { return accuracy_after(*record, sample.examples); });
    curve.passes.push_back(static_cast<double>(sample.examples) * longest->passes_per_example);
    all_tell_bits = all_tell_bits && sample.transported_bits.has_value();
    curve.bits.push_back(sample.transported_bits.value_or(0));
    curve.accuracy.push_back(mean_and_deviation(accuracies).mean);
    curve.lowest.push_back(*std::min_element(accuracies.begin(), accuracies.end()));
    curve.highest.push_back(*std::max_element(accuracies.begin(), accuracies.end()));
  }
  if (!all_tell_bits) curve.bits.clear();
  return curve;
}

std::set<std::uint64_t> common_seeds(const std::vector<SweepEntry>& entries) {
  std::map<std::uint64_t, std::size_t> having;  // settings, by seed
  std::set<std::pair<std::string, std::string>> settings;
  for (const SweepEntry& entry : entries) {
    for (const TrialRecord* record : entry.tuning) {
      ++having[record->setting.options.seed];
      settings.emplace(entry.method->method, choice_of(record->setting));
    }
  }
  std::set<std::uint64_t> common;
  for (const auto& [seed, count] : having) {
    if (count == settings.size()) common.insert(seed);
  }
  return common;
}

Series expected_best_curve(const std::vector<const TrialRecord*>& tuning,
                           const std::set<std::uint64_t>& seeds) {
  std::map<std::string, std::vector<double>> settings;
  for (const TrialRecord* record : tuning) {
    if (seeds.contains(record->setting.options.seed))
      settings[choice_of(record->setting)].push_back(counted_accuracy(*record));
  }
  std::vector<double> means;
  for (const auto& [choice, accuracies] : settings) {
    if (accuracies.size() == seeds.size()) means.push_back(mean_and_deviation(accuracies).mean);
  }
  constexpr std::size_t most_points = 200;
  Series curve;
  const std::size_t points = std::min(means.size(), most_points);
  for (std::size_t i = 1; i <= points; ++i) {
    // From 1 to all, evenly.
    const std::size_t drawn = points == means.size() ? i : 1 + (i - 1) * (means.size() - 1) / (points - 1);
    curve.x.push_back(static_cast<double>(drawn));
    curve.y.push_back(expected_best(means, drawn));
  }
  return curve;
}

}  // namespace SOAP_ABI
}  // namespace soap
