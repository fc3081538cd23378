#include "soap/report/sweep_accuracy_figure.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "soap/plot/forest.hpp"
#include "soap/plot/palette.hpp"
#include "soap/report/sweep_figure_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

ForestRow forest_row(std::size_t entry, double mean, const std::optional<Interval>& interval) {
  ForestRow row{.mean = 100 * mean, .color = palette_color(entry)};
  if (interval) {
    row.low = 100 * interval->low;
    row.high = 100 * interval->high;
  }
  return row;
}

Chart accuracy_forest(const std::vector<SweepEntry>& entries, const std::vector<std::size_t>& order) {
  std::vector<ForestRow> rows;
  rows.reserve(order.size());
  for (const std::size_t entry : order) {
    const MethodSummary& method = *entries[entry].method;
    rows.push_back(forest_row(entry, method.accuracy->mean, method.interval));
    rows.back().label = method.method;
    rows.back().values = method.accuracies;
    in_percent(rows.back().values);
  }
  Chart chart = forest_chart(rows);
  chart.title = "Test accuracy";
  chart.x.label = "test accuracy, %";
  return chart;
}

// Its rows stand beside those of the accuracies, which name them. Nothing where no two have a seed in common.
std::optional<Chart> difference_forest(const std::vector<SweepEntry>& entries,
                                       const std::vector<std::size_t>& order, const MethodSummary& baseline) {
  std::vector<ForestRow> rows;
  rows.reserve(order.size());
  bool any = false;
  for (const std::size_t entry : order) {
    const MethodSummary& method = *entries[entry].method;
    if (!method.to_baseline) {
      rows.push_back(&method == &baseline ? forest_row(entry, 0, std::nullopt) : ForestRow{});
      continue;
    }
    any = true;
    rows.push_back(forest_row(entry, method.to_baseline->mean, method.to_baseline->interval));
    for (std::size_t i = 0; i < method.seeds.size(); ++i) {
      const auto other = std::find(baseline.seeds.begin(), baseline.seeds.end(), method.seeds[i]);
      if (other == baseline.seeds.end()) continue;
      const auto place = static_cast<std::size_t>(other - baseline.seeds.begin());
      rows.back().values.push_back(100 * (method.accuracies[i] - baseline.accuracies[place]));
    }
  }
  if (!any) return std::nullopt;
  Chart chart = forest_chart(rows, 0.0);
  chart.title = "Difference to " + baseline.method + ", seed by seed";
  chart.x.label = "percentage points";
  return chart;
}

std::string interval_note(std::size_t intervals, std::size_t methods) {
  const std::string none = "fewer than 6 seeds, or runs that diverged";
  if (intervals == 0) return "Large dots: mean over seeds, without an interval: " + none + ".";
  std::string text = "Large dots: mean over seeds, in its 95 % interval (inverted sign-flip test).";
  if (intervals < methods) text += " Dots without a line have no interval: " + none + ".";
  return text;
}

}  // namespace

std::optional<Figure> accuracy_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem) {
  std::vector<std::size_t> order;  // as they are ranked
  std::size_t intervals = 0;
  for (const MethodSummary& method : problem.methods) {
    if (!method.accuracy) continue;
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const SweepEntry& e) { return e.method == &method; });
    order.push_back(static_cast<std::size_t>(entry - entries.begin()));
    intervals += method.interval ? 1 : 0;
  }
  if (order.empty()) return std::nullopt;
  Figure figure;
  figure.charts.push_back(accuracy_forest(entries, order));
  if (problem.baseline) {
    if (auto chart = difference_forest(entries, order, problem.methods[*problem.baseline]))
      figure.charts.push_back(std::move(*chart));
  }
  figure.charts.front().title += ", " + data_name_of(problem.name);
  figure.note = problem_note(problem.name) + interval_note(intervals, order.size());
  figure.note += " Small dots: single seeds.";
  if (figure.charts.size() > 1)
    figure.note += " Intervals of differences are not corrected for how many there are.";
  figure.note += " " + counts_text(entries, &MethodSummary::judging, "judging");
  figure.width = wide_figure;
  figure.height = 170 + 44 * static_cast<double>(order.size());
  return figure;
}

}  // namespace SOAP_ABI
}  // namespace soap
