// The table that a sweep prints at its end.
#pragma once

#include <string>
#include <vector>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/base/text_table.hpp"
#include "soap/report/report_words.hpp"
#include "soap/sweep/choice_names.hpp"
#include "soap/sweep/selection.hpp"

#include "sweep_plan.hpp"

namespace sweep_app {

inline constexpr const char* table_legend =
    "Mean ± standard deviation over seeds; one that diverged or failed counts as guessing.\n"
    "Edge: nothing was tried beyond this value, where a better one may lie.\n"
    "Of settings with equal validation accuracy that with the lowest lr is taken, "
    "then the smallest batch, then the first by numbers and names.";

inline std::string percent(const std::vector<soap::TrialRecord>& records, const soap::Choice& choice) {
  std::vector<double> accuracies;
  std::size_t diverged = 0;
  std::size_t failed = 0;
  for (const auto& record : records) {
    if (soap::problem_of(record.setting) != soap::problem_of(choice.setting) ||
        soap::method_of(record.setting) != soap::method_of(choice.setting) ||
        soap::choice_of(record.setting) != soap::choice_of(choice.setting))
      continue;
    accuracies.push_back(soap::counted_accuracy(record));
    diverged += record.status == soap::TrialStatus::diverged ? 1 : 0;
    failed += record.status == soap::TrialStatus::failed ? 1 : 0;
  }
  if (accuracies.empty()) return "-";
  const auto all = soap::mean_and_deviation(accuracies);
  std::string text = soap::percent_text(all.mean);
  if (accuracies.size() > 1) text += " ± " + soap::percent_text(all.deviation);
  if (diverged > 0) text += " (" + std::to_string(diverged) + " diverged)";
  if (failed > 0) text += " (" + std::to_string(failed) + " failed)";
  return text;
}

inline std::string table(const std::vector<soap::Selection>& selections,
                         const std::vector<soap::TrialRecord>& judged) {
  std::vector<soap::TrialSetting> settings;
  for (const soap::Selection& selection : selections) {
    for (const soap::Choice& choice : selection.choices) settings.push_back(choice.setting);
  }
  const soap::ChoiceNames names(settings, soap::printable);
  std::string text;
  std::string problem;
  std::vector<std::vector<std::string>> rows;
  const auto flush = [&] {
    if (rows.empty()) return;
    text += wrapped(problem + "; " + names.common()) +
            soap::fitting_table({"rule", "best setting", "edge", "validation %", "test accuracy %"}, rows,
                                page_width()) +
            "\n";
    rows.clear();
  };
  for (const soap::Selection& selection : selections) {
    const soap::Choice& best = selection.chosen();
    if (soap::problem_of(best.setting) != problem) flush();
    problem = soap::problem_of(best.setting);
    rows.push_back({soap::method_of(best.setting), names.name(best.setting),
                    soap::edges_text(selection.edges), soap::percent_text(best.accuracy),
                    percent(judged, best)});
  }
  flush();
  return text;
}

}  // namespace sweep_app
