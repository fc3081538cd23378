#include "soap/report/sweep_csv.hpp"

#include <cmath>
#include <optional>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/io/csv.hpp"
#include "soap/report/sweep_verdict.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using Row = std::vector<std::string>;

std::string count(std::size_t value) { return std::to_string(value); }

void add(Row& row, const std::optional<Interval>& interval) {
  row.push_back(interval ? to_text(interval->low) : "");
  row.push_back(interval ? to_text(interval->high) : "");
}

void add_setting(Row& row, const std::optional<TrialSetting>& chosen) {
  if (!chosen) {
    row.resize(row.size() + setting_columns(trial_settings, chosen_roles).size());
    return;
  }
  for (const std::string& cell : setting_cells(trial_settings, chosen_roles, chosen->options))
    row.push_back(csv_text(cell));
}

void add_tuning(Row& row, const MethodSummary& method) {
  row.insert(row.end(),
             {count(method.tuning.found), count(method.tuning.missing()), count(method.tuning.diverged),
              count(method.tuning.failed), method.tuned ? to_text(method.tuned->chosen().accuracy) : "",
              method.tuned ? csv_text(edges_text(method.tuned->edges)) : "",
              method.stability ? to_text(method.stability->share) : "", csv_number(method.mean_over_rates)});
}

void add_judging(Row& row, const MethodSummary& method) {
  row.insert(row.end(), {count(method.judging.found), count(method.judging.missing()),
                         count(method.judging.damaged), count(method.judging.diverged),
                         count(method.judging.failed), csv_number(method.diverged_bound)});
  const auto& accuracy = method.accuracy;
  row.push_back(accuracy ? to_text(accuracy->mean) : "");
  row.push_back(accuracy && method.accuracies.size() > 1 ? to_text(accuracy->deviation) : "");
  add(row, method.interval);
  row.push_back(csv_number(method.interquartile));
  row.push_back(method.finished ? to_text(method.finished->mean) : "");
}

void add_difference(Row& row, const MethodSummary& method, const ProblemSummary& problem,
                    std::optional<double> margin) {
  const PairedDifference found = method.to_baseline.value_or(PairedDifference());
  const bool any = method.to_baseline.has_value();
  row.push_back(any ? to_text(found.mean) : "");
  row.push_back(any && found.pairs > 1 ? to_text(found.deviation) : "");
  add(row, found.interval);
  row.insert(row.end(), {csv_number(found.p), csv_number(found.corrected), csv_number(found.not_worse_p),
                         csv_number(found.equivalence_p), csv_number(found.improvement),
                         any ? csv_text(conclusion_text(found, problem.level, margin)) : "",
                         any && found.p ? to_text(problem.level) : ""});
}

}  // namespace

std::string sweep_summary_csv(const SweepSummary& summary) {
  std::string text =
      "problem,method," + join(setting_columns(trial_settings, chosen_roles), ",") +
      ",tuning_trials,tuning_missing,"
      "tuning_diverged,tuning_failed,validation_accuracy,edge,chosen_again,mean_over_rates,judged,missing,"
      "damaged,diverged,"
      "failed,diverged_bound,test_accuracy,test_deviation,test_low,test_high,test_middle_half,test_of_"
      "finished,"
      "difference,difference_deviation,difference_low,difference_high,p,corrected_p,p_no_worse,p_equal,"
      "improvement,verdict,level,median_steps_to_loss,steps_low,steps_high,reached_loss,passes,"
      "transported_bits,other_test_readings,same_as,failure\n";
  for (const ProblemSummary& problem : summary.problems) {
    for (const MethodSummary& method : problem.methods) {
      Row row = {csv_text(problem.name), csv_text(method.method)};
      add_setting(row, method.chosen);
      add_tuning(row, method);
      add_judging(row, method);
      add_difference(row, method, problem, summary.margin);
      row.push_back(csv_number(method.steps.median));
      add(row, method.steps.interval);
      row.insert(row.end(), {count(method.steps.reached), csv_number(method.passes),
                             csv_number(method.transported_bits), count(method.other_test_readings),
                             csv_text(method.same_as.value_or("")), csv_text(method.failure)});
      text += join(row, ",") + "\n";
    }
  }
  return text;
}

std::string sweep_pairs_csv(const SweepSummary& summary) {
  std::string text =
      "problem,first,second,seeds,difference,difference_deviation,p,corrected_p,verdict,level\n";
  for (const ProblemSummary& problem : summary.problems) {
    for (const MethodPair& pair : problem.pairs) {
      const PairedDifference& found = pair.difference;
      const Row row = {csv_text(problem.name),
                       csv_text(problem.methods[pair.first].method),
                       csv_text(problem.methods[pair.second].method),
                       count(found.pairs),
                       to_text(found.mean),
                       to_text(found.deviation),
                       csv_number(found.p),
                       csv_number(found.corrected),
                       csv_text(conclusion_text(found, problem.level, std::nullopt)),
                       to_text(problem.level)};
      text += join(row, ",") + "\n";
    }
  }
  return text;
}

}  // namespace SOAP_ABI
}  // namespace soap
