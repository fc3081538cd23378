#include "soap/report/method_summary.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "soap/statistics/best_of.hpp"
#include "soap/statistics/censored.hpp"
#include "soap/statistics/choice_stability.hpp"
#include "soap/statistics/rate.hpp"
#include "soap/statistics/sign_flip.hpp"
#include "soap/sweep/halving.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

template <class Figure>
std::optional<double> mean_of(const BySeed& records, const Figure& figure) {
  std::vector<double> values;
  for (const auto& [seed, record] : records) {
    if (const std::optional<double> value = figure(*record)) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return mean_and_deviation(values).mean;
}

std::size_t count_damaged(TrialSetting setting, const ProblemRecords& problem,
                          const std::set<std::string>& damaged) {
  std::size_t count = 0;
  for (const std::uint64_t seed : problem.seeds) {
    setting.options.seed = seed;
    count += damaged.contains(trial_key(setting)) ? 1 : 0;
  }
  return count;
}

void count_end(const TrialRecord& record, TrialCounts& counts, MethodSummary& method) {
  counts.diverged += record.status == TrialStatus::diverged ? 1 : 0;
  if (record.status != TrialStatus::failed) return;
  ++counts.failed;
  if (method.failure.empty()) method.failure = record.message;
}

StepsToTarget steps_to_target(const BySeed& trials) {
  StepsToTarget steps;
  std::vector<CensoredTime> times;
  for (const auto& [seed, record] : trials) {
    const bool reached = record->steps_to_target.has_value();
    // More steps would not help one that broke off.
    const auto ended = broke_off(record->status) ? std::numeric_limits<double>::infinity()
                                                 : static_cast<double>(record->steps);
    times.push_back(
        {.time = reached ? static_cast<double>(*record->steps_to_target) : ended, .happened = reached});
    steps.reached += reached ? 1 : 0;
  }
  steps.trials = times.size();
  if (times.empty()) return steps;
  steps.median = censored_quantile(times, 0.5);
  steps.interval = censored_median_interval(times);
  return steps;
}

void count_tuning(MethodSummary& method, const ByChoice& choices, const ProblemRecords& problem,
                  const std::set<std::string>& damaged) {
  std::vector<std::size_t> seeds;
  for (const auto& [choice, trials] : choices) {
    seeds.push_back(trials.size());
    method.tuning.found += trials.size();
    for (const auto& [seed, record] : trials) count_end(*record, method.tuning, method);
    if (!damaged.empty())
      method.tuning.damaged += count_damaged(trials.begin()->second->setting, problem, damaged);
  }
  method.tuning.expected = choices.size() * problem.seeds.size();
  std::sort(seeds.begin(), seeds.end(), std::greater<>());
  method.halved = method.tuning.missing() > 0 && seeds == halving_seeds(choices.size(), problem.seeds.size());
}

// The setting with the fewest median steps, of those with as many seeds as the chosen one.
void find_fastest(MethodSummary& method, const ByChoice& tuning) {
  for (const Choice& choice : method.tuned->choices) {
    if (choice.trials < method.tuned->chosen().trials) continue;
    const StepsToTarget steps = steps_to_target(tuning.at(choice_of(choice.setting)));
    if (!steps.median || (method.fastest && *steps.median >= *method.fastest_steps.median)) continue;
    method.fastest = choice.setting;
    method.fastest_steps = steps;
  }
}

void measure_stability(MethodSummary& method, const ByChoice& tuning) {
  const Selection& tuned = *method.tuned;
  const BySeed& best = tuning.at(choice_of(tuned.chosen().setting));
  std::vector<std::size_t> places;
  std::vector<std::vector<double>> accuracies;
  for (std::size_t i = 0; i < tuned.choices.size(); ++i) {
    const BySeed& trials = tuning.at(choice_of(tuned.choices[i].setting));
    const bool same_seeds = std::equal(trials.begin(), trials.end(), best.begin(), best.end(),
                                       [](const auto& a, const auto& b) { return a.first == b.first; });
    if (!same_seeds) continue;
    places.push_back(i);
    auto& values = accuracies.emplace_back();
    for (const auto& [seed, record] : trials) values.push_back(counted_accuracy(*record));
  }
  if (places.size() < 2 || best.size() < 2) return;
  const std::vector<double> shares = choice_shares(accuracies, {.resamples = 1000});
  ChoiceStability& stability = method.stability.emplace();
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] == tuned.best) {
      stability.share = shares[i];
    } else if (!stability.runner_up || shares[i] > stability.runner_up_share) {
      stability.runner_up = places[i];
      stability.runner_up_share = shares[i];
    }
  }
  if (stability.runner_up_share == 0) stability.runner_up.reset();
}

void measure_sensitivity(MethodSummary& method) {
  std::vector<double> rates;
  std::vector<double> accuracies;
  for (const Choice& choice : method.tuned->choices) {
    TrialSetting at_its_rate = *method.chosen;
    at_its_rate.options.lr = choice.setting.options.lr;
    if (choice_of(at_its_rate) != choice_of(choice.setting)) continue;
    rates.push_back(choice.setting.options.lr);
    accuracies.push_back(choice.accuracy);
  }
  if (rates.size() >= 2) method.mean_over_rates = mean_over_log_rate(rates, accuracies);
}

void read_judged(MethodSummary& method, const BySeed& trials) {
  std::vector<double> finished;
  for (const auto& [seed, record] : trials) {
    method.seeds.push_back(seed);
    method.accuracies.push_back(counted_accuracy(*record));
    count_end(*record, method.judging, method);
    if (!broke_off(record->status)) finished.push_back(method.accuracies.back());
  }
  method.judging.found = trials.size();
  method.accuracy = mean_and_deviation(method.accuracies);
  method.interquartile = interquartile_mean(method.accuracies);
  method.diverged_bound = rate_upper_bound(method.judging.diverged, trials.size());
  if (method.judging.broke_off() > 0 && !finished.empty()) method.finished = mean_and_deviation(finished);
  if (method.judging.broke_off() == 0 && method.compared())
    method.interval = sign_flip_interval(method.accuracies);
  method.steps = steps_to_target(trials);
  method.passes = mean_of(trials, [](const TrialRecord& record) -> std::optional<double> {
    return static_cast<double>(record.examples) * record.passes_per_example;
  });
  method.transported_bits =
      mean_of(trials, [](const TrialRecord& record) { return record.transported_bits; });
}

}  // namespace

MethodSummary summarize_method(const std::string& name, const ProblemRecords& problem,
                               const std::optional<Selection>& tuned, const std::set<std::string>& damaged) {
  const MethodRecords& records = problem.methods.at(name);
  MethodSummary method;
  method.method = name;
  method.tuned = tuned;
  if (tuned) {
    method.chosen = tuned->chosen().setting;
    count_tuning(method, records.tuning, problem, damaged);
    find_fastest(method, records.tuning);
    measure_stability(method, records.tuning);
    measure_sensitivity(method);
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
  method.judging.expected = problem.seeds.size();
  if (method.chosen && !damaged.empty()) {
    TrialSetting setting = *method.chosen;
    setting.validation = 0;
    setting.evaluations = 1;
    method.judging.damaged = count_damaged(std::move(setting), problem, damaged);
  }
  return method;
}

const BySeed& judged_trials(const MethodSummary& method, const ProblemRecords& problem) {
  static const BySeed none;
  if (method.accuracies.empty()) return none;
  return problem.methods.at(method.method).judging.at(choice_of(*method.chosen));
}

}  // namespace SOAP_ABI
}  // namespace soap
