#include "soap/report/sweep_figures.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/report/sweep_accuracy_figure.hpp"
#include "soap/report/sweep_entries.hpp"
#include "soap/report/sweep_progress_figure.hpp"
#include "soap/report/sweep_rate_figures.hpp"
#include "soap/report/sweep_search_figure.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using Records = std::vector<const TrialRecord*>;

constexpr std::array figure_names{"learning_rate", "test_accuracy", "progress", "expected_best",
                                  "steps_to_loss"};

}  // namespace

bool is_sweep_figure(const std::string& file) {
  constexpr std::string_view ending = ".png";
  return std::any_of(figure_names.begin(), figure_names.end(), [&](std::string_view name) {
    if (!file.starts_with(name) || !file.ends_with(ending)) return false;
    const std::string number = file.substr(name.size(), file.size() - name.size() - ending.size());
    return number.empty() || (number.size() > 1 && number.front() == '-' &&
                              number.find_first_not_of("0123456789", 1) == std::string::npos);
  });
}

std::vector<SweepFigure> sweep_figures(const SweepSummary& summary, const std::vector<TrialRecord>& all) {
  const std::vector<TrialRecord> records = comparable_records(all);
  std::map<std::string, std::map<std::string, Records>> tuning;
  for (const TrialRecord& record : records) {
    if (record.setting.validation > 0)
      tuning[problem_of(record.setting)][method_of(record.setting)].push_back(&record);
  }
  std::vector<SweepFigure> figures;
  for (std::size_t i = 0; i < summary.problems.size(); ++i) {
    const ProblemSummary& problem = summary.problems[i];
    const std::vector<SweepEntry> entries = sweep_entries(problem, summary.baseline, tuning[problem.name]);
    const std::string number =
        summary.problems.size() > 1 ? std::string("-").append(std::to_string(i + 1)) : "";
    const auto add = [&](std::size_t name, const std::string& caption, std::optional<Figure> figure) {
      if (figure)
        figures.push_back({.problem = problem.name,
                           .file = figure_names[name] + number + ".png",
                           .caption = caption,
                           .figure = std::move(*figure)});
    };
    add(0,
        "What each method is worth at each learning rate: compared at any single one, the order may be "
        "another.",
        rate_figure(entries, problem));
    add(1, "Test accuracy of each method at its best setting, and its difference to the baseline.",
        accuracy_figure(entries, problem));
    add(2, "Validation accuracy against forward-backward passes and against the bits of W that were sent.",
        progress_figure(entries, problem.name));
    add(3, "What each method would have been worth on validation images with fewer settings tried.",
        search_figure(entries, problem.name));
    add(4,
        "Steps to a training loss of " + to_text(problem.target_loss) +
            " at each learning rate: the best rate for accuracy need not be the fastest.",
        steps_figure(entries, problem));
  }
  return figures;
}

}  // namespace SOAP_ABI
}  // namespace soap
