#include "soap/report/variance_sources.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "soap/statistics/deviation.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Far beyond the seeds that people count, and short enough to be read.
constexpr std::uint64_t to_other_seed = 1'000'000;

// The setting of all trials that are one but for their seeds.
std::string setting_key(TrialSetting setting) {
  setting.options = without_own_seeds(std::move(setting.options));
  setting.options.seed = 0;
  return trial_key(setting);
}

struct Group {
  std::map<std::uint64_t, const TrialRecord*> judged;  // by seed; all sources differ
  std::map<ChanceSource, std::vector<const TrialRecord*>> changed;
};

// Nothing where several sources differ from the trial's seed, or the trial is none of judging.
std::optional<ChanceSource> changed_source(const TrialSetting& setting) {
  if (setting.validation > 0) return std::nullopt;
  std::optional<ChanceSource> found;
  for (const ChanceSource source : chance_sources) {
    if (!has_own_seed(setting.options, source)) continue;
    if (found) return std::nullopt;
    found = source;
  }
  return found;
}

std::vector<Group> groups_of(const StoredTrials& trials) {
  std::map<std::string, Group> groups;
  for (const TrialRecord& record : trials.own_seeds) {
    if (const auto source = changed_source(record.setting))
      groups[setting_key(record.setting)].changed[*source].push_back(&record);
  }
  if (groups.empty()) return {};
  for (const TrialRecord& record : trials.records) {
    if (record.setting.validation > 0) continue;
    const auto group = groups.find(setting_key(record.setting));
    if (group != groups.end()) group->second.judged[record.setting.options.seed] = &record;
  }
  std::vector<Group> all;
  all.reserve(groups.size());
  for (auto& [key, group] : groups) all.push_back(std::move(group));
  return all;
}

std::size_t broke_off(const TrialRecord& record) { return broke_off(record.status) ? 1 : 0; }

std::optional<Interval> interval_of(double deviation, std::size_t degrees) {
  if (deviation == 0) return std::nullopt;
  return deviation_interval(deviation, static_cast<int>(degrees));
}

SourceVariance source_variance(ChanceSource source, const Group& group,
                               const std::vector<const TrialRecord*>& changed) {
  SourceVariance result{.source = source};
  double squares = 0;
  for (const TrialRecord* record : changed) {
    const auto partner = group.judged.find(record->setting.options.seed);
    if (partner == group.judged.end()) continue;
    const double difference = counted_accuracy(*record) - counted_accuracy(*partner->second);
    squares += difference * difference;
    ++result.pairs;
    result.broke_off += broke_off(*record);
  }
  if (result.pairs == 0) return result;
  result.deviation = std::sqrt(squares / (2 * static_cast<double>(result.pairs)));
  result.interval = interval_of(result.deviation, result.pairs);
  return result;
}

std::optional<MethodVariance> method_variance(const Group& group) {
  if (group.judged.empty()) return std::nullopt;
  MethodVariance result{.setting = group.judged.begin()->second->setting};
  std::vector<double> accuracies;
  for (const auto& [seed, record] : group.judged) {
    accuracies.push_back(counted_accuracy(*record));
    result.broke_off += broke_off(*record);
  }
  result.trials = accuracies.size();
  if (result.trials > 1) {
    result.deviation = mean_and_deviation(accuracies).deviation;
    result.interval = interval_of(*result.deviation, result.trials - 1);
  }
  for (const auto& [source, changed] : group.changed) {
    SourceVariance variance = source_variance(source, group, changed);
    if (variance.pairs == 0) continue;
    if (result.interval) variance.share = std::pow(variance.deviation / *result.deviation, 2);
    result.sources.push_back(variance);
  }
  if (result.sources.empty()) return std::nullopt;
  return result;
}

}  // namespace

std::vector<TrialSetting> variance_trials(const std::vector<Selection>& selections,
                                          const std::vector<std::uint64_t>& seeds, Index inputs,
                                          Index outputs) {
  std::vector<TrialSetting> trials;
  for (const Selection& selection : selections) {
    const bool has_feedback = draws_feedback(selection.chosen().setting.options, inputs, outputs);
    for (const TrialSetting& judged : judging_trials({selection}, seeds)) {
      for (const ChanceSource source : chance_sources) {
        if (source == ChanceSource::feedback && !has_feedback) continue;
        TrialSetting changed = judged;
        own_seed(changed.options, source) = judged.options.seed + to_other_seed;
        trials.push_back(std::move(changed));
      }
    }
  }
  return trials;
}

std::optional<double> MethodVariance::remainder() const {
  double rest = 1;
  for (const SourceVariance& source : sources) {
    if (!source.share) return std::nullopt;
    rest -= *source.share;
  }
  return rest;
}

std::vector<MethodVariance> variance_sources(const StoredTrials& trials) {
  std::vector<MethodVariance> variances;
  for (const Group& group : groups_of(trials)) {
    if (auto variance = method_variance(group)) variances.push_back(std::move(*variance));
  }
  const auto place = [](const MethodVariance& variance) {
    return std::tuple(problem_of(variance.setting), method_of(variance.setting), choice_of(variance.setting));
  };
  std::sort(variances.begin(), variances.end(),
            [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return variances;
}

}  // namespace SOAP_ABI
}  // namespace soap
