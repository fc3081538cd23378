// What several rules' trials say, side by side.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "soap/learn/loss_curve.hpp"
#include "soap/statistics/moments.hpp"
#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// One rule, under one training step, over its seeds.
struct RuleComparison {
  std::string rule;
  std::string step_kind;
  std::size_t runs = 0;
  std::size_t finished = 0;  ///< the others diverged, failed or were stopped
  std::size_t diverged = 0;
  std::size_t failed = 0;
  std::optional<MeanAndDeviation> test_accuracy;  ///< of the finished runs
  std::optional<MeanAndDeviation> test_loss;
  StepsToLoss steps;  ///< to the target loss; a run that never got there counts as infinitely slow
  std::optional<double>
      steps_ratio;  ///< median steps over those of `bp` under the ordinary step, where both have a median
  std::optional<double> examples_per_second;  ///< mean
};

/// One entry a rule and step, in the order of first appearance. `window` as in `steps_to_loss`. A run that
/// was stopped before it reached the target says nothing about the steps to it, and is not counted there.
std::vector<RuleComparison> compare_rules(const std::vector<TrialResult>& results, double target_loss,
                                          std::int64_t window = 20);

/// The table that programs end with; without labels it has no column of accuracies, and it names the step
/// where there are several. measured_on: what the headers call the images that accuracy and loss are of.
/// `columns`: the width that it keeps to, as `fitting_table`.
std::string comparison_table(const std::vector<RuleComparison>& comparison, double target_loss,
                             const std::string& measured_on = "test", std::size_t columns = 80);

/// The same as a table for programs, the text of comparison.csv: a header and one row a rule and step, blank
/// where there is nothing. Accuracies are shares of 1; `vs_bp` is the ratio of median steps. The columns are
/// explained in docs/reading_a_report.md.
std::string comparison_csv(const std::vector<RuleComparison>& comparison, double target_loss,
                           const std::string& measured_on = "test");

/// The text of summary.csv: a header and one row a run.
std::string summary_csv(const std::vector<TrialResult>& results);

}  // namespace SOAP_ABI
}  // namespace soap
