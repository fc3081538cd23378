#include "soap/experiment/sweep_curves.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string>

namespace soap::inline SOAP_ABI {

namespace {

void add_point(Series& series, double x, const std::vector<double>& values) {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  series.x.push_back(x);
  series.y.push_back(values.empty() ? nothing : mean_and_deviation(values).mean);
  series.band_low.push_back(values.empty() ? nothing : *std::min_element(values.begin(), values.end()));
  series.band_high.push_back(values.empty() ? nothing : *std::max_element(values.begin(), values.end()));
}

// What a trial was worth after so many examples; guessing where it had diverged by then.
double accuracy_after(const TrialRecord& record, std::int64_t examples) {
  const auto sample =
      std::lower_bound(record.samples.begin(), record.samples.end(), examples,
                       [](const TrialSample& other, std::int64_t wanted) { return other.examples < wanted; });
  if (sample != record.samples.end() && sample->examples == examples) return sample->accuracy;
  return 1.0 / static_cast<double>(std::max<Index>(record.classes, 1));
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
    std::size_t diverged = 0;
    for (const TrialRecord* record : records) {
      accuracies.push_back(counted_accuracy(*record));
      if (record->final_train_loss) losses.push_back(*record->final_train_loss);
      diverged += record->status == TrialStatus::diverged ? 1 : 0;
    }
    add_point(curve.accuracy, lr, accuracies);
    add_point(curve.loss, lr, losses);
    curve.trials.push_back(records.size());
    curve.diverged.push_back(diverged);
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

}  // namespace soap::inline SOAP_ABI
