#include "soap/trial/comparison.hpp"

#include <algorithm>
#include <cmath>

#include "soap/base/significant.hpp"
#include "soap/base/text.hpp"
#include "soap/base/text_table.hpp"
#include "soap/io/csv.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

RuleComparison summarize(const TrialResult& first, const std::vector<TrialResult>& results,
                         double target_loss, std::int64_t window) {
  RuleComparison summary;
  summary.rule = first.options.rule;
  summary.step_kind = first.options.step;
  std::vector<double> accuracies;
  std::vector<double> losses;
  std::vector<double> rates;
  std::vector<LossCurve> curves;
  for (const auto& result : results) {
    if (result.options.rule != summary.rule || result.options.step != summary.step_kind) continue;
    ++summary.runs;
    summary.finished += result.status == TrialStatus::finished ? 1 : 0;
    summary.diverged += result.status == TrialStatus::diverged ? 1 : 0;
    summary.failed += result.status == TrialStatus::failed ? 1 : 0;
    if (result.test) losses.push_back(result.test->loss);
    if (result.test && result.test->accuracy) accuracies.push_back(*result.test->accuracy);
    if (result.examples_per_second) rates.push_back(*result.examples_per_second);
    const bool cut_short =
        result.status == TrialStatus::stopped && !steps_to_loss(result.curve, target_loss, window);
    if (!cut_short) curves.push_back(result.curve);
  }
  if (!accuracies.empty()) summary.test_accuracy = mean_and_deviation(accuracies);
  if (!losses.empty()) summary.test_loss = mean_and_deviation(losses);
  if (!rates.empty()) summary.examples_per_second = mean_and_deviation(rates).mean;
  summary.steps = median_steps_to_loss(curves, target_loss, window);
  return summary;
}

std::string percent(const std::optional<MeanAndDeviation>& share, std::size_t finished) {
  if (!share) return "-";
  const std::string mean = fixed(100 * share->mean, 2);
  return finished > 1 ? mean + " ± " + fixed(100 * share->deviation, 2) : mean;
}

std::string loss_text(const std::optional<MeanAndDeviation>& loss, std::size_t finished) {
  if (!loss) return "-";
  return finished > 1 ? significant_with_spread(loss->mean, loss->deviation) : significant(loss->mean);
}

std::string blank_or(const std::optional<double>& value) { return value ? to_text(*value) : ""; }

}  // namespace

std::vector<RuleComparison> compare_rules(const std::vector<TrialResult>& results, double target_loss,
                                          std::int64_t window) {
  std::vector<RuleComparison> rules;
  for (const auto& result : results) {
    const bool known = std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
      return rule.rule == result.options.rule && rule.step_kind == result.options.step;
    });
    if (!known) rules.push_back(summarize(result, results, target_loss, window));
  }
  const auto bp = std::find_if(rules.begin(), rules.end(), [](const auto& rule) {
    return rule.rule == "bp" && rule.step_kind == "backward";
  });
  if (bp != rules.end() && bp->steps.median) {
    for (auto& rule : rules) {
      if (rule.steps.median) rule.steps_ratio = *rule.steps.median / *bp->steps.median;
    }
  }
  return rules;
}

std::string comparison_table(const std::vector<RuleComparison>& comparison, double target_loss,
                             const std::string& measured_on, std::size_t columns) {
  const bool labeled = std::any_of(comparison.begin(), comparison.end(),
                                   [](const auto& rule) { return rule.test_accuracy.has_value(); });
  // A rule that is a step by itself has one name for both.
  const auto is_step = [](const RuleComparison& rule) { return rule.step_kind == rule.rule; };
  const auto other = std::find_if_not(comparison.begin(), comparison.end(), is_step);
  const bool several_steps = std::any_of(comparison.begin(), comparison.end(), [&](const auto& rule) {
    return !is_step(rule) && rule.step_kind != other->step_kind;
  });
  std::vector<std::string> header = {"rule"};
  if (several_steps) header.emplace_back("step");
  header.emplace_back("runs");
  if (labeled) header.push_back(measured_on + " accuracy %");
  for (const auto& name : {measured_on + " loss", "steps to loss " + to_text(target_loss),
                           std::string("vs bp"), std::string("examples/s")}) {
    header.push_back(name);
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& rule : comparison) {
    std::string runs = std::to_string(rule.finished);
    if (rule.finished < rule.runs) runs += " of " + std::to_string(rule.runs);
    if (rule.diverged > 0) runs += " (" + std::to_string(rule.diverged) + " diverged)";
    if (rule.failed > 0) runs += " (" + std::to_string(rule.failed) + " failed)";
    std::vector<std::string> row = {rule.rule};
    if (several_steps) row.push_back(rule.step_kind);
    row.push_back(runs);
    if (labeled) row.push_back(percent(rule.test_accuracy, rule.finished));
    row.push_back(loss_text(rule.test_loss, rule.finished));
    row.push_back(to_text(rule.steps));
    row.push_back(rule.steps_ratio ? fixed(*rule.steps_ratio, 2) + "x" : "-");
    row.push_back(rule.examples_per_second ? with_thousands(std::llround(*rule.examples_per_second)) : "-");
    rows.push_back(std::move(row));
  }
  return fitting_table(header, rows, columns);
}

std::string comparison_csv(const std::vector<RuleComparison>& comparison, double target_loss,
                           const std::string& measured_on) {
  std::string text =
      "rule,step_kind,measured_on,runs,finished,diverged,failed,accuracy,accuracy_deviation,loss,loss_"
      "deviation,"
      "target_loss,median_steps_to_loss,reached_loss,counted_for_steps,vs_bp,examples_per_second\n";
  // Of one run there is no spread.
  const auto mean_and_spread = [](const std::optional<MeanAndDeviation>& value, std::size_t runs) {
    if (!value) return std::string(",");
    return to_text(value->mean) + ',' + (runs > 1 ? to_text(value->deviation) : "");
  };
  for (const auto& rule : comparison) {
    text += csv_text(rule.rule) + ',' + csv_text(rule.step_kind) + ',' + csv_text(measured_on) + ',' +
            std::to_string(rule.runs) + ',' + std::to_string(rule.finished) + ',' +
            std::to_string(rule.diverged) + ',' + std::to_string(rule.failed) + ',' +
            mean_and_spread(rule.test_accuracy, rule.finished) + ',' +
            mean_and_spread(rule.test_loss, rule.finished) + ',' + to_text(target_loss) + ',' +
            blank_or(rule.steps.median) + ',' + std::to_string(rule.steps.reached) + ',' +
            std::to_string(rule.steps.runs) + ',' + blank_or(rule.steps_ratio) + ',' +
            blank_or(rule.examples_per_second) + '\n';
  }
  return text;
}

std::string summary_csv(const std::vector<TrialResult>& results) {
  std::string text =
      "rule,step_kind,lr,seed,epochs,status,final_train_loss,test_loss,test_accuracy,examples_per_second,"
      "message\n";
  for (const auto& result : results) {
    text += csv_text(result.options.rule) + ',' + csv_text(result.options.step) + ',' +
            to_text(result.options.lr) + ',' + std::to_string(result.options.seed) + ',' +
            std::to_string(result.epochs) + ',' + to_text(result.status) + ',' +
            blank_or(result.final_train_loss) + ',' + (result.test ? to_text(result.test->loss) : "") + ',' +
            (result.test ? blank_or(result.test->accuracy) : "") + ',' +
            blank_or(result.examples_per_second) + ',' + csv_text(result.message) + '\n';
  }
  return text;
}

}  // namespace SOAP_ABI
}  // namespace soap
