#include "soap/experiment/sweep_summary.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/experiment/censored.hpp"
#include "soap/experiment/halving.hpp"
#include "soap/experiment/paired_test.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using BySeed = std::map<std::uint64_t, const TrialRecord*>;
using ByChoice = std::map<std::string, BySeed>;

struct MethodRecords {
  ByChoice tuning;
  ByChoice judging;
};

struct ProblemRecords {
  std::map<std::string, MethodRecords> methods;
  std::set<std::uint64_t> seeds;
};

std::map<std::string, ProblemRecords> sort_records(const std::vector<TrialRecord>& records) {
  std::map<std::string, ProblemRecords> problems;
  for (const TrialRecord& record : records) {
    ProblemRecords& problem = problems[problem_of(record.setting)];
    problem.seeds.insert(record.setting.options.seed);
    MethodRecords& method = problem.methods[method_of(record.setting)];
    auto& choices = record.setting.validation > 0 ? method.tuning : method.judging;
    choices[choice_of(record.setting)][record.setting.options.seed] = &record;
  }
  return problems;
}

// "/x/trials/0123456789abcdef.json: ...": the digits.
std::set<std::string> keys_of(const std::vector<std::string>& damaged) {
  constexpr std::size_t digits = 16;
  std::set<std::string> keys;
  for (const std::string& sentence : damaged) {
    const std::size_t end = sentence.find(".json");
    if (end != std::string::npos && end >= digits) keys.insert(sentence.substr(end - digits, digits));
  }
  return keys;
}

std::vector<double> differences(const BySeed& first, const BySeed& second) {
  std::vector<double> values;
  values.reserve(first.size());
  for (const auto& [seed, record] : first) {
    const auto other = second.find(seed);
    if (other != second.end()) values.push_back(counted_accuracy(*record) - counted_accuracy(*other->second));
  }
  return values;
}

// Without a test and an interval, which cost far more than all else here.
PairedDifference mean_difference(const std::vector<double>& values) {
  PairedDifference result;
  result.pairs = values.size();
  if (!values.empty()) result.mean = mean_and_deviation(values).mean;
  return result;
}

PairedDifference tested_difference(const std::vector<double>& values) {
  PairedDifference result = mean_difference(values);
  if (values.size() >= fewest_seeds) result.p = sign_flip_test(values);
  return result;
}

void correct(const std::vector<PairedDifference*>& family) {
  std::vector<PairedDifference*> tested;
  std::vector<double> p;
  for (PairedDifference* difference : family) {
    if (!difference->p) continue;
    tested.push_back(difference);
    p.push_back(*difference->p);
  }
  const auto corrected = holm(p);
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->corrected = corrected[i];
}

template <class Figure>
std::optional<double> mean_of(const BySeed& records, const Figure& figure) {
  std::vector<double> values;
  for (const auto& [seed, record] : records) {
    if (const std::optional<double> value = figure(*record)) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return mean_and_deviation(values).mean;
}

class MethodReader {
 public:
  MethodReader(const ProblemRecords& problem, const std::set<std::string>& damaged)
      : problem_(problem), damaged_(damaged) {}

  MethodSummary read(const std::string& name, const MethodRecords& records,
                     const std::optional<Selection>& tuned) const {
    MethodSummary method;
    method.method = name;
    method.tuned = tuned;
    if (tuned) {
      method.chosen = tuned->chosen().setting;
      count_tuning(method, records.tuning);
    } else if (records.judging.size() == 1) {
      method.chosen = records.judging.begin()->second.begin()->second->setting;
    }
    const std::string chosen = method.chosen ? choice_of(*method.chosen) : std::string();
    for (const auto& [choice, trials] : records.judging) {
      if (choice == chosen) {
        read_judged(method, trials);
      } else {
        method.other_test_readings += trials.size();
      }
    }
    method.judging.expected = problem_.seeds.size();
    if (method.chosen && !damaged_.empty()) {
      TrialSetting setting = *method.chosen;
      setting.validation = 0;
      setting.evaluations = 1;
      method.judging.damaged = count_damaged(std::move(setting));
    }
    return method;
  }

 private:
  [[nodiscard]] std::size_t count_damaged(TrialSetting setting) const {
    std::size_t count = 0;
    for (const std::uint64_t seed : problem_.seeds) {
      setting.options.seed = seed;
      count += damaged_.contains(trial_key(setting)) ? 1 : 0;
    }
    return count;
  }

  void count_tuning(MethodSummary& method, const ByChoice& choices) const {
    std::vector<std::size_t> seeds;
    for (const auto& [choice, trials] : choices) {
      seeds.push_back(trials.size());
      method.tuning.found += trials.size();
      for (const auto& [seed, record] : trials)
        method.tuning.diverged += record->status == TrialStatus::diverged ? 1 : 0;
      if (!damaged_.empty()) method.tuning.damaged += count_damaged(trials.begin()->second->setting);
    }
    method.tuning.expected = choices.size() * problem_.seeds.size();
    std::sort(seeds.begin(), seeds.end(), std::greater<>());
    method.halved =
        method.tuning.missing() > 0 && seeds == halving_seeds(choices.size(), problem_.seeds.size());
  }

  static void read_judged(MethodSummary& method, const BySeed& trials) {
    std::vector<CensoredTime> times;
    for (const auto& [seed, record] : trials) {
      method.seeds.push_back(seed);
      method.accuracies.push_back(counted_accuracy(*record));
      const bool diverged = record->status == TrialStatus::diverged;
      method.judging.diverged += diverged ? 1 : 0;
      const bool reached = record->steps_to_target.has_value();
      method.reached_target += reached ? 1 : 0;
      // More steps would not help one that diverged.
      const auto ended =
          diverged ? std::numeric_limits<double>::infinity() : static_cast<double>(record->steps);
      times.push_back(
          {.time = reached ? static_cast<double>(*record->steps_to_target) : ended, .happened = reached});
    }
    method.judging.found = trials.size();
    method.accuracy = mean_and_deviation(method.accuracies);
    if (method.compared()) method.interval = bootstrap_interval(method.accuracies);
    method.steps_to_target = censored_quantile(times, 0.5);
    method.passes = mean_of(trials, [](const TrialRecord& record) -> std::optional<double> {
      return static_cast<double>(record.examples) * record.passes_per_example;
    });
    method.transported_bits =
        mean_of(trials, [](const TrialRecord& record) { return record.transported_bits; });
  }

  const ProblemRecords& problem_;
  const std::set<std::string>& damaged_;
};

// Nothing where the two share no setting, or are the same method.
std::optional<OneSettingForBoth> one_setting(const MethodSummary& method, const ByChoice& own,
                                             const MethodSummary& baseline, const ByChoice& others) {
  if (!method.tuned || !baseline.tuned) return std::nullopt;
  const std::string best = choice_of(*baseline.chosen);
  const BySeed& its_best = others.at(best);
  const auto same = own.find(best);
  if (same == own.end() || same->second.size() < its_best.size()) return std::nullopt;
  OneSettingForBoth result;
  result.at_baselines_best = mean_difference(differences(same->second, its_best)).mean;
  result.each_at_its_best = mean_difference(differences(own.at(choice_of(*method.chosen)), its_best)).mean;
  for (const auto& [choice, trials] : own) {
    const auto other = others.find(choice);
    if (other == others.end() || other->second.size() < its_best.size() || trials.size() < its_best.size())
      continue;
    const PairedDifference found = mean_difference(differences(trials, other->second));
    if (found.pairs == 0) continue;
    const double mean = found.mean;
    if (result.shared == 0 || mean < result.lowest) {
      result.lowest = mean;
      result.lowest_setting = trials.begin()->second->setting;
    }
    if (result.shared == 0 || mean > result.highest) {
      result.highest = mean;
      result.highest_setting = trials.begin()->second->setting;
    }
    ++result.shared;
  }
  return result;
}

// The records that a method is judged by.
const BySeed& judged(const MethodSummary& method, const ProblemRecords& records) {
  static const BySeed none;
  if (method.accuracies.empty()) return none;
  return records.methods.at(method.method).judging.at(choice_of(*method.chosen));
}

void compare_with_baseline(ProblemSummary& problem, const ProblemRecords& records) {
  if (!problem.baseline) return;
  const MethodSummary& baseline = problem.methods[*problem.baseline];
  std::vector<PairedDifference*> family;
  for (MethodSummary& method : problem.methods) {
    if (&method == &baseline) continue;
    const auto values = differences(judged(method, records), judged(baseline, records));
    if (!values.empty()) {
      PairedDifference& found = method.to_baseline.emplace(tested_difference(values));
      if (found.p) found.interval = bootstrap_interval(values);
      family.push_back(&found);
    }
    method.one_setting = one_setting(method, records.methods.at(method.method).tuning, baseline,
                                     records.methods.at(baseline.method).tuning);
  }
  correct(family);
}

void rank(ProblemSummary& problem, const ProblemRecords& records) {
  const auto compared = std::count_if(problem.methods.begin(), problem.methods.end(),
                                      [](const auto& m) { return m.compared(); });
  std::map<std::uint64_t, std::size_t> having;
  std::size_t methods = 0;
  for (const MethodSummary& method : problem.methods) {
    if (method.accuracies.empty() || (compared >= 2 && !method.compared())) continue;
    ++methods;
    for (const std::uint64_t seed : method.seeds) ++having[seed];
  }
  problem.common_seeds = static_cast<std::size_t>(
      std::count_if(having.begin(), having.end(), [&](const auto& seed) { return seed.second == methods; }));
  problem.ranked = compared >= 2 && problem.common_seeds >= fewest_seeds;
  if (!problem.ranked) return;
  std::stable_sort(problem.methods.begin(), problem.methods.end(), [](const auto& a, const auto& b) {
    const auto worth = [](const MethodSummary& m) { return m.compared() ? m.accuracy->mean : -1.0; };
    return worth(a) > worth(b);
  });
  for (std::size_t i = 0; i < problem.methods.size(); ++i) {
    for (std::size_t j = i + 1; j < problem.methods.size(); ++j) {
      if (!problem.methods[i].compared() || !problem.methods[j].compared()) continue;
      problem.pairs.push_back(
          {.first = i,
           .second = j,
           .difference = tested_difference(
               differences(judged(problem.methods[i], records), judged(problem.methods[j], records)))});
    }
  }
  std::vector<PairedDifference*> family;
  family.reserve(problem.pairs.size());
  for (MethodPair& pair : problem.pairs) family.push_back(&pair.difference);
  correct(family);
}

std::optional<std::size_t> place_of(const std::string& baseline, const std::vector<MethodSummary>& methods) {
  for (std::size_t i = 0; i < methods.size(); ++i) {
    if (methods[i].method == baseline) return i;
  }
  return std::nullopt;
}

}  // namespace

SweepSummary summarize_sweep(const StoredTrials& trials, const SweepSummaryOptions& options) {
  if (trials.records.empty()) {
    throw std::invalid_argument(
        "a sweep's results: found none" +
        (trials.damaged.empty()
             ? std::string()
             : std::string(" but ").append(std::to_string(trials.damaged.size())) + " damaged files") +
        ", expected at least one");
  }
  SweepSummary summary;
  summary.baseline = options.baseline;
  summary.results = trials.records.size();
  summary.damaged = trials.damaged;
  const std::set<std::string> damaged = keys_of(trials.damaged);
  const std::vector<TrialRecord> records = comparable_records(trials.records);
  std::map<std::pair<std::string, std::string>, Selection> selections;
  for (Selection& selection : select_choices(records)) {
    const TrialSetting& setting = selection.chosen().setting;
    selections.emplace(std::pair(problem_of(setting), method_of(setting)), std::move(selection));
  }
  std::map<std::string, std::size_t> all;
  if (records.size() < trials.records.size()) {
    for (const TrialRecord& record : trials.records) ++all[problem_of(record.setting)];
  }
  for (const auto& [name, found] : sort_records(records)) {
    ProblemSummary problem;
    problem.name = name;
    problem.seeds.assign(found.seeds.begin(), found.seeds.end());
    const MethodReader reader(found, damaged);
    std::size_t used = 0;
    for (const auto& [method, methods] : found.methods) {
      for (const auto* kind : {&methods.tuning, &methods.judging}) {
        for (const auto& [choice, own] : *kind) {
          used += own.size();
          const TrialSetting& setting = own.begin()->second->setting;
          problem.validation = std::max(problem.validation, setting.validation);
          problem.target_loss = setting.target_loss;
        }
      }
      const auto tuned = selections.find({name, method});
      problem.methods.push_back(reader.read(
          method, methods, tuned == selections.end() ? std::nullopt : std::optional(tuned->second)));
    }
    if (!all.empty()) problem.passed_over = all[name] - used;
    std::stable_sort(problem.methods.begin(), problem.methods.end(), [&](const auto& a, const auto& b) {
      return a.method == options.baseline && b.method != options.baseline;
    });
    problem.baseline = place_of(options.baseline, problem.methods);
    compare_with_baseline(problem, found);
    rank(problem, found);
    problem.baseline = place_of(options.baseline, problem.methods);
    summary.problems.push_back(std::move(problem));
  }
  return summary;
}

}  // namespace soap::inline SOAP_ABI
