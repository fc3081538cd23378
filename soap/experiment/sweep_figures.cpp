#include "soap/experiment/sweep_figures.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/experiment/sweep_curves.hpp"
#include "soap/plot/palette.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Records = std::vector<const TrialRecord*>;

constexpr Color pale = color(0x9A9A9A);
constexpr Color dark = color(0x222222);

// A method with its tuning trials and its place in all pictures, which its color comes from.
struct Entry {
  const MethodSummary* method;
  Records tuning;
};

// By name, the baseline first, so that a color does not depend on who won.
std::vector<Entry> entries_of(const ProblemSummary& problem, const std::string& baseline,
                              const std::map<std::string, Records>& tuning) {
  std::vector<Entry> entries;
  for (const MethodSummary& method : problem.methods) {
    const auto found = tuning.find(method.method);
    entries.push_back({&method, found == tuning.end() ? Records() : found->second});
  }
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    const bool first = a.method->method == baseline;
    const bool second = b.method->method == baseline;
    return first != second ? first : a.method->method < b.method->method;
  });
  return entries;
}

void in_percent(std::vector<double>& shares) {
  for (double& share : shares) share *= 100;
}

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

// Pictures with many lines need their legend beside or under them.
double height_for(std::size_t methods) { return 460 + 12 * static_cast<double>(methods); }

std::vector<Series> shared_legend(const std::vector<Entry>& entries) {
  std::vector<Series> legend;
  for (const Entry& entry : entries) legend.push_back({.label = entry.method->method});
  return legend;
}

// A dark dot where some of the trials diverged.
Series diverged_dots(const std::vector<RateCurve>& curves) {
  Series dots{.label = "some trials diverged", .style = SeriesStyle::points, .color = dark};
  for (const RateCurve& curve : curves) {
    for (std::size_t i = 0; i < curve.diverged.size(); ++i) {
      if (curve.diverged[i] == 0) continue;
      dots.x.push_back(curve.accuracy.x[i]);
      dots.y.push_back(100 * curve.accuracy.y[i]);
    }
  }
  return dots;
}

std::optional<Figure> rate_figure(const std::vector<Entry>& entries) {
  Chart accuracy{.title = "Accuracy",
                 .x = {.label = "learning rate", .scale = AxisScale::log},
                 .y = {.label = "validation accuracy, %"}};
  Chart loss{.title = "Loss",
             .x = {.label = "learning rate", .scale = AxisScale::log},
             .y = {.label = "training loss at the end", .scale = AxisScale::log}};
  std::vector<RateCurve> curves;
  std::size_t most_rates = 0;
  for (const Entry& entry : entries) {
    RateCurve curve = rate_curve(*entry.method, entry.tuning);
    most_rates = std::max(most_rates, curve.trials.size());
    Series series = curve.accuracy;
    for (auto* values : {&series.y, &series.band_low, &series.band_high}) in_percent(*values);
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (series.x[i] != entry.method->chosen->options.lr) continue;
      accuracy.crossings.push_back({.x = series.x[i], .y = series.y[i], .series = accuracy.series.size()});
      loss.crossings.push_back({.x = series.x[i], .y = curve.loss.y[i], .series = loss.series.size()});
    }
    accuracy.series.push_back(std::move(series));
    loss.series.push_back(curve.loss);
    curves.push_back(std::move(curve));
  }
  if (most_rates < 2) return std::nullopt;
  Figure figure;
  figure.legend = shared_legend(entries);
  if (Series dots = diverged_dots(curves); !dots.x.empty()) {
    figure.legend.push_back({.label = dots.label, .style = dots.style, .color = dots.color});
    dots.label.clear();
    accuracy.series.push_back(std::move(dots));
  }
  figure.charts = {std::move(accuracy), std::move(loss)};
  if (entries.size() > most_bands) std::for_each(figure.charts.begin(), figure.charts.end(), drop_bands);
  figure.note = "Lines: " + band_note(entries.size()) +
                ". Large dots: each method's best learning rate. A diverged trial counts as guessing in the "
                "accuracy, and is left out of the loss.";
  figure.width = 1100;
  figure.height = height_for(entries.size());
  return figure;
}

// A row from the top for each method: mean, interval and the single values.
struct ForestRow {
  std::size_t entry;
  double mean;
  std::optional<Interval> interval;
  std::vector<double> values;
};

Chart forest(const std::string& title, const std::string& label, const std::vector<Entry>& entries,
             const std::vector<ForestRow>& rows, std::optional<double> zero) {
  const auto count = static_cast<double>(rows.size());
  Chart chart{.title = title, .x = {.label = label}, .y = {.low = -0.6, .high = count - 0.4}};
  chart.y.names.resize(rows.size());
  if (zero)
    chart.series.push_back(
        {.x = {*zero, *zero}, .y = {-0.6, count - 0.4}, .style = SeriesStyle::dashes, .color = pale});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ForestRow& row = rows[i];
    const double y = count - 1 - static_cast<double>(i);
    const Color own = palette_color(row.entry);
    chart.y.names[rows.size() - 1 - i] = entries[row.entry].method->method;
    chart.series.push_back({.x = row.values,
                            .y = std::vector<double>(row.values.size(), y - 0.22),
                            .style = SeriesStyle::points,
                            .color = pale});
    if (row.interval) {
      chart.series.push_back(
          {.x = {100 * row.interval->low, 100 * row.interval->high}, .y = {y, y}, .color = own});
    }
    chart.series.push_back({.x = {row.mean}, .y = {y}, .style = SeriesStyle::points, .color = own});
  }
  return chart;
}

std::optional<Figure> accuracy_figure(const std::vector<Entry>& entries, const ProblemSummary& problem) {
  std::vector<ForestRow> accuracies;
  std::vector<ForestRow> differences;
  const MethodSummary* baseline = problem.baseline ? &problem.methods[*problem.baseline] : nullptr;
  // As they are ranked.
  for (const MethodSummary& method : problem.methods) {
    if (!method.accuracy) continue;
    const auto entry = static_cast<std::size_t>(
        std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.method == &method; }) -
        entries.begin());
    ForestRow row{.entry = entry,
                  .mean = 100 * method.accuracy->mean,
                  .interval = method.interval,
                  .values = method.accuracies};
    in_percent(row.values);
    accuracies.push_back(std::move(row));
    if (!method.to_baseline || baseline == nullptr) continue;
    ForestRow paired{.entry = entry,
                     .mean = 100 * method.to_baseline->mean,
                     .interval = method.to_baseline->interval,
                     .values = {}};
    for (std::size_t i = 0; i < method.seeds.size(); ++i) {
      const auto other = std::find(baseline->seeds.begin(), baseline->seeds.end(), method.seeds[i]);
      if (other == baseline->seeds.end()) continue;
      const auto place = static_cast<std::size_t>(other - baseline->seeds.begin());
      paired.values.push_back(100 * (method.accuracies[i] - baseline->accuracies[place]));
    }
    differences.push_back(std::move(paired));
  }
  if (accuracies.empty()) return std::nullopt;
  Figure figure;
  figure.charts.push_back(forest("Test accuracy", "test accuracy, %", entries, accuracies, std::nullopt));
  if (!differences.empty()) {
    figure.charts.push_back(forest("Difference to " + baseline->method + ", seed by seed",
                                   "percentage points", entries, differences, 0.0));
  }
  figure.note = "Colored: mean over seeds with its 95 % interval (bootstrap). Gray: single seeds.";
  figure.width = 1100;
  figure.height = 170 + 44 * static_cast<double>(accuracies.size());
  return figure;
}

std::optional<Figure> progress_figure(const std::vector<Entry>& entries) {
  Chart passes{.title = "Accuracy against computation",
               .x = {.label = "forward-backward passes of one example", .low = 0},
               .y = {.label = "validation accuracy, %"}};
  Chart bits{.title = "Accuracy against transported bits",
             .x = {.label = "bits of W sent to the feedback so far", .scale = AxisScale::log},
             .y = {.label = "validation accuracy, %"}};
  std::vector<std::pair<std::size_t, double>> silent;  // entries that send nothing, and their last accuracy
  std::vector<std::string> unknown;
  std::vector<double> sent;
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
      silent.emplace_back(i, curve.accuracy.back());
      line = {};
    }
    for (const double value : line.x) {
      if (value > 0) sent.push_back(value);
    }
    bits.series.push_back(std::move(line));
  }
  if (most_points == 0) return std::nullopt;
  std::string note = "Each method at its best setting, tuning trials: " + band_note(entries.size()) + ".";
  Figure figure;
  figure.charts.push_back(std::move(passes));
  if (!sent.empty()) {
    const double low = *std::min_element(sent.begin(), sent.end()) / 2;
    const double high = *std::max_element(sent.begin(), sent.end());
    for (const auto& [entry, accuracy] : silent) {
      bits.series[entry].x = {low, high};
      bits.series[entry].y = {accuracy, accuracy};
      bits.series[entry].style = SeriesStyle::dots;
    }
    if (!silent.empty())
      note += " Dotted, across the whole picture: methods that send nothing, at the end of training.";
    if (!unknown.empty())
      note += " Not drawn over bits, which they do not count: " + join(unknown, ", ") + ".";
    figure.charts.push_back(std::move(bits));
  }
  if (entries.size() > most_bands) std::for_each(figure.charts.begin(), figure.charts.end(), drop_bands);
  figure.legend = shared_legend(entries);
  figure.note = note;
  figure.width = figure.charts.size() > 1 ? 1100 : 900;
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
    const std::vector<Entry> entries = entries_of(problem, summary.baseline, tuning[problem.name]);
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
