#include "soap/experiment/sweep_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/experiment/sweep_curves.hpp"
#include "soap/experiment/sweep_entries.hpp"
#include "soap/plot/forest.hpp"
#include "soap/plot/palette.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Records = std::vector<const TrialRecord*>;

constexpr Color dark = color(0x222222);
constexpr double figure_width = 1100;

void in_percent(std::vector<double>& shares) {
  for (double& share : shares) share *= 100;
}

// Pictures with many lines need more room for them, and for their legend.
double height_for(std::size_t methods) { return 480 + 12 * static_cast<double>(methods); }

// So many bands over each other would be mud.
constexpr std::size_t most_bands = 7;

void drop_bands(Chart& chart) {
  for (Series& series : chart.series) {
    series.band_low.clear();
    series.band_high.clear();
  }
}

std::string band_note(std::size_t methods) {
  return methods > most_bands ? "mean over seeds"
                              : "mean over seeds in a band from the lowest to the highest";
}

std::vector<Series> shared_legend(const std::vector<SweepEntry>& entries) {
  std::vector<Series> legend;
  legend.reserve(entries.size());
  for (const SweepEntry& entry : entries) legend.push_back({.label = entry.method->method});
  return legend;
}

std::vector<Series> rate_legend(const std::vector<SweepEntry>& entries) {
  std::vector<Series> legend = shared_legend(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const MethodSummary& method = *entries[i].method;
    if (method.tuned) legend[i].label += ": best " + to_text(method.chosen->options.lr);
  }
  return legend;
}

// But for rounding: a mean depends on the order of its terms.
bool same_values(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return std::abs(x - y) <= 1e-9 * std::abs(x); });
}

// Of lines that are the same only one can be seen: " On one line: dfa; fa."
std::string same_lines(const std::vector<SweepEntry>& entries, const std::vector<Series>& lines) {
  std::string text;
  std::vector<bool> named(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::vector<std::string> names = {entries[i].method->method};
    for (std::size_t j = i + 1; j < entries.size(); ++j) {
      if (named[i] || named[j] || lines[i].x.empty()) continue;
      if (!same_values(lines[i].x, lines[j].x) || !same_values(lines[i].y, lines[j].y)) continue;
      named[j] = true;
      names.push_back(entries[j].method->method);
    }
    if (names.size() > 1) text += " On one line: " + join(names, "; ") + ".";
  }
  return text;
}

// A cross where some of the trials diverged, with how many unless it was all of them. The mean of guesses and
// others has no band: it would reach from one to the other and over half the picture.
void mark_diverged(const RateCurve& curve, Series& line, Series& crosses) {
  for (std::size_t i = 0; i < curve.diverged.size(); ++i) {
    if (curve.diverged[i] == 0) continue;
    line.band_low[i] = line.band_high[i] = std::numeric_limits<double>::quiet_NaN();
    crosses.x.push_back(line.x[i]);
    crosses.y.push_back(line.y[i]);
  }
}

void label_diverged(const RateCurve& curve, const Series& line, Color own, Chart& chart) {
  for (std::size_t i = 0; i < curve.diverged.size(); ++i) {
    if (curve.diverged[i] == 0 || curve.diverged[i] == curve.trials[i]) continue;
    chart.labels.push_back(
        {.x = line.x[i], .y = line.y[i], .text = std::to_string(curve.diverged[i]), .color = own});
  }
}

std::optional<Figure> rate_figure(const std::vector<SweepEntry>& entries) {
  Chart accuracy{.title = "Accuracy",
                 .x = {.label = "learning rate", .scale = AxisScale::log},
                 .y = {.label = "validation accuracy, %"}};
  Chart loss{.title = "Loss",
             .x = {.label = "learning rate", .scale = AxisScale::log},
             .y = {.label = "training loss at the end", .scale = AxisScale::log}};
  Series crosses{.style = SeriesStyle::crosses, .color = dark};
  Series loss_crosses = crosses;
  std::size_t most_rates = 0;
  for (const SweepEntry& entry : entries) {
    RateCurve curve = rate_curve(*entry.method, entry.tuning);
    most_rates = std::max(most_rates, curve.trials.size());
    Series series = curve.accuracy;
    for (auto* values : {&series.y, &series.band_low, &series.band_high}) in_percent(*values);
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (series.x[i] != entry.method->chosen->options.lr) continue;
      accuracy.crossings.push_back({.x = series.x[i], .y = series.y[i], .series = accuracy.series.size()});
      loss.crossings.push_back({.x = series.x[i], .y = curve.loss.y[i], .series = loss.series.size()});
    }
    mark_diverged(curve, series, crosses);
    mark_diverged(curve, curve.loss, loss_crosses);
    label_diverged(curve, series, palette_color(accuracy.series.size()), accuracy);
    series.marks = curve.loss.marks = true;
    accuracy.series.push_back(std::move(series));
    loss.series.push_back(std::move(curve.loss));
  }
  if (most_rates < 2) return std::nullopt;
  Figure figure;
  figure.legend = rate_legend(entries);
  figure.note = "Lines: " + band_note(entries.size()) +
                ". Large dots, with a line down: each method's best learning rate." +
                same_lines(entries, accuracy.series);
  if (!crosses.x.empty()) {
    // More numbers would hide each other.
    constexpr std::size_t most_numbers = 20;
    const bool numbered = accuracy.labels.size() <= most_numbers;
    if (!numbered) accuracy.labels.clear();
    figure.legend.push_back(
        {.label = numbered ? "diverged trials: how many (no number: all)" : "some or all trials diverged",
         .style = crosses.style,
         .color = crosses.color});
    figure.note += " A diverged trial counts as guessing in the accuracy and is left out of the loss";
    figure.note += entries.size() > most_bands ? "." : "; where some diverged there is no band.";
    accuracy.series.push_back(std::move(crosses));
    loss.series.push_back(std::move(loss_crosses));
  }
  figure.note += " " + counts_text(entries, &MethodSummary::tuning, "tuning");
  figure.charts = {std::move(accuracy), std::move(loss)};
  if (entries.size() > most_bands) std::for_each(figure.charts.begin(), figure.charts.end(), drop_bands);
  figure.width = figure_width;
  figure.height = height_for(entries.size());
  return figure;
}

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

std::optional<Figure> accuracy_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem) {
  std::vector<std::size_t> order;  // as they are ranked
  bool intervals = false;
  for (const MethodSummary& method : problem.methods) {
    if (!method.accuracy) continue;
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const SweepEntry& e) { return e.method == &method; });
    order.push_back(static_cast<std::size_t>(entry - entries.begin()));
    intervals = intervals || method.interval.has_value();
  }
  if (order.empty()) return std::nullopt;
  Figure figure;
  figure.charts.push_back(accuracy_forest(entries, order));
  if (problem.baseline) {
    if (auto chart = difference_forest(entries, order, problem.methods[*problem.baseline]))
      figure.charts.push_back(std::move(*chart));
  }
  figure.note = intervals ? "Large dots: mean over seeds, in its 95 % interval (bootstrap)."
                          : "Large dots: mean over seeds; too few of them for intervals.";
  figure.note += " Small dots: single seeds. " + counts_text(entries, &MethodSummary::judging, "judging");
  figure.width = figure_width;
  figure.height = 170 + 44 * static_cast<double>(order.size());
  return figure;
}

// The part in front of a log axis where methods stand that sent nothing, as wide as a share of the numbers.
void add_aside(Axis& axis, double least, double most) {
  const double decades = std::max(std::log10(most / least), 1.0);
  axis.low = least * std::pow(10.0, -0.24 * decades);
  axis.aside = AxisAside{.until = least * std::pow(10.0, -0.06 * decades), .name = "none"};
}

std::optional<Figure> progress_figure(const std::vector<SweepEntry>& entries) {
  Chart passes{.title = "Accuracy against computation",
               .x = {.label = "forward-backward passes of one example", .low = 0},
               .y = {.label = "validation accuracy, %"}};
  Chart bits{.title = "Accuracy against transported bits",
             .x = {.label = "bits of W sent to the feedback so far", .scale = AxisScale::log},
             .y = {.label = "validation accuracy, %"}};
  std::vector<std::size_t> silent;  // entries that send nothing
  std::vector<std::string> unknown;
  double least_sent = std::numeric_limits<double>::infinity();
  double most_sent = 0;
  std::size_t most_points = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ProgressCurve curve = progress_curve(*entries[i].method, entries[i].tuning);
    most_points = std::max(most_points, curve.passes.size());
    for (auto* values : {&curve.accuracy, &curve.lowest, &curve.highest}) in_percent(*values);
    Series line{.x = curve.passes, .y = curve.accuracy, .band_low = curve.lowest, .band_high = curve.highest};
    passes.series.push_back(line);
    line.x = curve.bits;
    if (curve.bits.empty()) {
      if (!curve.passes.empty()) unknown.push_back(entries[i].method->method);
      line = {};
    } else if (curve.bits.back() == 0) {
      silent.push_back(i);
      // Across the aside, at the end of training.
      for (auto* values : {&line.y, &line.band_low, &line.band_high})
        *values = {values->back(), values->back()};
    }
    for (const double value : line.x) {
      if (!(value > 0)) continue;
      least_sent = std::min(least_sent, value);
      most_sent = std::max(most_sent, value);
    }
    bits.series.push_back(std::move(line));
  }
  if (most_points == 0) return std::nullopt;
  std::string note = "Each method at its best setting, tuning trials: " + band_note(entries.size()) +
                     "; from where one diverged it counts as guessing.";
  note += same_lines(entries, passes.series);
  Figure figure;
  figure.charts.push_back(std::move(passes));
  if (most_sent > 0) {
    if (!silent.empty()) {
      add_aside(bits.x, least_sent, most_sent);
      note += " Above \"none\": methods that send nothing, at the end of training.";
    }
    for (const std::size_t entry : silent) bits.series[entry].x = {*bits.x.low, bits.x.aside->until};
    if (!unknown.empty())
      note += " Not drawn over bits, which they do not count: " + join(unknown, ", ") + ".";
    figure.charts.push_back(std::move(bits));
  }
  if (entries.size() > most_bands) std::for_each(figure.charts.begin(), figure.charts.end(), drop_bands);
  figure.legend = shared_legend(entries);
  figure.note = note + " " + counts_text(entries, &MethodSummary::tuning, "tuning");
  figure.width = figure.charts.size() > 1 ? figure_width : 900;
  figure.height = height_for(entries.size());
  return figure;
}

}  // namespace

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
    const auto add = [&](const std::string& name, const std::string& caption, std::optional<Figure> figure) {
      if (figure)
        figures.push_back({.problem = problem.name,
                           .file = name + number + ".png",
                           .caption = caption,
                           .figure = std::move(*figure)});
    };
    add("learning_rate",
        "What each method is worth at each learning rate: compared at any single one, the order may be "
        "another.",
        rate_figure(entries));
    add("test_accuracy",
        "Test accuracy of each method at its best setting, and its difference to the baseline.",
        accuracy_figure(entries, problem));
    add("progress",
        "Validation accuracy against forward-backward passes and against the bits of W that were sent.",
        progress_figure(entries));
  }
  return figures;
}

}  // namespace soap::inline SOAP_ABI
