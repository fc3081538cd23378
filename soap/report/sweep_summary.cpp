#include "soap/report/sweep_summary.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/report/method_comparison.hpp"
#include "soap/report/method_summary.hpp"
#include "soap/report/sweep_records.hpp"
#include "soap/statistics/looks.hpp"
#include "soap/trial/method.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Those of reports with fewer seeds than this one; a report with as many again is no other look.
void take_look(ProblemSummary& problem, const std::map<std::string, std::vector<std::size_t>>& looks) {
  if (!problem.ranked) return;
  if (const auto earlier = looks.find(problem.name); earlier != looks.end()) {
    const std::set<std::size_t> ascending(earlier->second.begin(), earlier->second.end());
    for (const std::size_t seeds : ascending) {
      if (seeds >= 1 && seeds < problem.common_seeds) problem.looks.push_back(seeds);
    }
  }
  problem.looks.push_back(problem.common_seeds);
  problem.level = look_level(problem.looks, significance);
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
  if (options.margin && !(*options.margin > 0 && *options.margin < 1)) {
    throw std::invalid_argument("margin: found " + to_text(*options.margin) +
                                ", expected a share above 0 and below 1");
  }
  SweepSummary summary;
  summary.baseline = canonical_method(options.baseline);
  summary.margin = options.margin;
  summary.results = trials.records.size() + trials.own_seeds.size();
  summary.variances = variance_sources(trials);
  std::set<std::string> damaged;
  for (const DamagedResult& file : trials.damaged) {
    damaged.insert(file.key);
    summary.damaged.push_back(file.message);
  }
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
      problem.methods.push_back(summarize_method(
          method, found, tuned == selections.end() ? std::nullopt : std::optional(tuned->second), damaged));
    }
    if (!all.empty()) problem.passed_over = all[name] - used;
    std::stable_sort(problem.methods.begin(), problem.methods.end(), [&](const auto& a, const auto& b) {
      return a.method == summary.baseline && b.method != summary.baseline;
    });
    problem.baseline = place_of(summary.baseline, problem.methods);
    mark_same_results(problem, found);
    problem.common_seeds = common_seeds(problem);
    problem.ranked = std::count_if(problem.methods.begin(), problem.methods.end(),
                                   [](const auto& method) { return method.compared(); }) >= 2 &&
                     problem.common_seeds >= fewest_seeds;
    take_look(problem, options.looks);
    compare_with_baseline(problem, found, options.margin);
    if (problem.ranked) compare_all_pairs(problem, found);
    summary.problems.push_back(std::move(problem));
  }
  return summary;
}

}  // namespace SOAP_ABI
}  // namespace soap
