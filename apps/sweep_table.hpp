// The table that a sweep prints at its end.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/base/text_table.hpp"
#include "soap/experiment/choice_names.hpp"
#include "soap/experiment/report_words.hpp"
#include "soap/experiment/selection.hpp"

#include "sweep_plan.hpp"

namespace sweep_app {

inline constexpr const char* table_legend =
    "Mean ± standard deviation over seeds; one that diverged or failed counts as guessing.\n"
    "Edge: nothing was tried beyond this value, where a better one may lie.\n"
    "Of settings with equal validation accuracy that with the lowest lr is taken,\n"
    "then the smallest batch, then the first by numbers and names.\n";

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

// Broken after commas into lines of about so many characters.
inline std::vector<std::string> lines_of_cell(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = text.find(", ", at);
    const std::string part = text.substr(at, comma == std::string::npos ? comma : comma + 1 - at);
    std::string& line = lines.back();
    if (!line.empty() && line.size() + 1 + part.size() > width) {
      lines.push_back(part);
    } else {
      line.append(line.empty() ? "" : " ").append(part);
    }
    if (comma == std::string::npos) break;
    at = comma + 2;
  }
  return lines;
}

using Row = std::vector<std::string>;

// The columns of settings and edges in as many lines as make them narrow.
inline std::vector<Row> narrowed(const std::vector<Row>& rows) {
  constexpr std::size_t widest_setting = 24;
  constexpr std::size_t widest_edge = 18;
  std::vector<Row> lines;
  for (const Row& row : rows) {
    const auto setting = lines_of_cell(row[1], widest_setting);
    const auto edge = lines_of_cell(row[2], widest_edge);
    for (std::size_t i = 0; i < std::max(setting.size(), edge.size()); ++i) {
      Row line = i == 0 ? row : Row(row.size());
      line[1] = i < setting.size() ? setting[i] : "";
      line[2] = i < edge.size() ? edge[i] : "";
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

inline std::string fitting_table(const std::vector<Row>& rows) {
  const Row header = {"rule", "best setting", "edge", "validation %", "test accuracy %"};
  std::string table = soap::text_table(header, rows);
  // The line under the header is of the table's width.
  if (soap::split(table, '\n')[1].size() <= page_width) return table;
  return soap::text_table(header, narrowed(rows));
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
    text += wrapped(problem + "; " + names.common()) + fitting_table(rows) + "\n";
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
