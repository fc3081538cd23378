#include "soap/report/sweep_rate_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/plot/palette.hpp"
#include "soap/report/sweep_curves.hpp"
#include "soap/report/sweep_figure_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr Color dark = color(0x222222);

std::vector<RateCurve> rate_curves(const std::vector<SweepEntry>& entries) {
  std::vector<RateCurve> curves;
  curves.reserve(entries.size());
  for (const SweepEntry& entry : entries) curves.push_back(rate_curve(*entry.method, entry.tuning));
  return curves;
}

bool any_has_rates(const std::vector<RateCurve>& curves) {
  return std::any_of(curves.begin(), curves.end(),
                     [](const RateCurve& curve) { return curve.trials.size() >= 2; });
}

std::vector<Series> lines_of(const std::vector<RateCurve>& curves, Series RateCurve::*kind) {
  std::vector<Series> lines;
  lines.reserve(curves.size());
  for (const RateCurve& curve : curves) lines.push_back(curve.*kind);
  return lines;
}

// A chart whose lines are the methods'; what else is drawn comes after them.
class RateChart {
 public:
  RateChart(std::string title, Axis y)
      : chart_{.title = std::move(title),
               .x = {.label = "learning rate", .scale = AxisScale::log},
               .y = std::move(y)} {}

  void add(const RateCurve& curve, Series line) {
    const Color own = palette_color(chart_.series.size());
    if (!line.x.empty()) {
      chart_.crossings.push_back(
          {.x = line.x[curve.best], .y = line.y[curve.best], .series = chart_.series.size()});
    }
    take_unsure(curve, line, own);
    line.marks = true;
    line.shape = round_shape(palette_round(chart_.series.size()));
    chart_.series.push_back(std::move(line));
  }

  // A cross where some of the trials broke off. The mean of guesses and others has no band: it would reach
  // from one to the other and over half the picture.
  void mark_broken_off(const RateCurve& curve, Series& line) {
    for (std::size_t i = 0; i < curve.broke_off.size(); ++i) {
      if (curve.broke_off[i] == 0) continue;
      line.band_low[i] = line.band_high[i] = gap;
      crosses_.x.push_back(line.x[i]);
      crosses_.y.push_back(line.y[i]);
    }
  }

  // How many of the trials broke off, unless it was all of them; of the next line to be added.
  void label_broken_off(const RateCurve& curve, const Series& line) {
    for (std::size_t i = 0; i < curve.broke_off.size(); ++i) {
      if (curve.broke_off[i] == 0 || curve.broke_off[i] == curve.trials[i]) continue;
      chart_.labels.push_back({.x = line.x[i],
                               .y = line.y[i],
                               .text = std::to_string(curve.broke_off[i]),
                               .color = palette_color(chart_.series.size())});
    }
  }

  Chart& chart() { return chart_; }

  Chart finished(bool bands) && {
    for (Series& line : unsure_) chart_.series.push_back(std::move(line));
    if (!crosses_.x.empty()) chart_.series.push_back(std::move(crosses_));
    if (!bands) drop_bands(chart_);
    return std::move(chart_);
  }

 private:
  // Points whose means are over fewer seeds, and what leads to them, go to a line of their own.
  void take_unsure(const RateCurve& curve, Series& line, Color own) {
    // The methods after the colors have run out are told apart by their dashes.
    const bool again = chart_.series.size() / palette.size() % 2 == 1;
    Series unsure{.style = again ? SeriesStyle::dash_dots : SeriesStyle::dots,
                  .marks = true,
                  .hollow = true,
                  .shape = round_shape(palette_round(chart_.series.size())),
                  .color = own};
    const auto draw_to = [&](std::size_t i) {
      unsure.x.push_back(line.x[i]);
      unsure.y.push_back(line.y[i]);
    };
    for (std::size_t i = 0; i < line.x.size(); ++i) {
      const bool fewer = curve.has_fewer_seeds(i);
      if (i > 0 && (fewer || curve.has_fewer_seeds(i - 1))) {
        if (unsure.x.empty() || unsure.x.back() != line.x[i - 1] || std::isnan(unsure.y.back()))
          draw_to(i - 1);
        draw_to(i);
      } else if (!unsure.x.empty()) {
        unsure.x.push_back(line.x[i]);
        unsure.y.push_back(gap);
      }
    }
    if (unsure.x.empty()) return;
    for (std::size_t i = 0; i < line.x.size(); ++i) {
      if (curve.has_fewer_seeds(i)) line.y[i] = line.band_low[i] = line.band_high[i] = gap;
    }
    unsure_.push_back(std::move(unsure));
  }

  Chart chart_;
  std::vector<Series> unsure_;
  Series crosses_{.style = SeriesStyle::crosses, .color = dark};
};

std::string range_text(const std::set<std::size_t>& numbers) {
  const std::string least = std::to_string(*numbers.begin());
  return numbers.size() == 1 ? least : least + " to " + std::to_string(*numbers.rbegin());
}

// Explains the rings, where there are some.
void explain_unsure(const std::vector<RateCurve>& curves, Figure& figure) {
  std::set<std::size_t> fewer;
  std::set<std::size_t> all;
  for (const RateCurve& curve : curves) {
    for (std::size_t i = 0; i < curve.trials.size(); ++i)
      (curve.has_fewer_seeds(i) ? fewer : all).insert(curve.trials[i]);
  }
  if (fewer.empty()) return;
  figure.legend.push_back(
      {.label = "fewer seeds", .style = SeriesStyle::dots, .marks = true, .hollow = true, .color = dark});
  figure.note += " Rings on dotted lines: " + range_text(fewer) + " seeds in place of " + range_text(all) +
                 ", so that they are less sure.";
}

void explain_crosses(std::size_t methods, Chart& accuracy, Figure& figure) {
  // More numbers would hide each other.
  constexpr std::size_t most_numbers = 20;
  const bool numbered = accuracy.labels.size() <= most_numbers;
  if (!numbered) accuracy.labels.clear();
  figure.legend.push_back(
      {.label = numbered ? "broken-off trials: how many (no number: all)" : "some or all trials broke off",
       .style = SeriesStyle::crosses,
       .color = dark});
  figure.note +=
      " A trial that broke off, by divergence or failure, counts as guessing in the accuracy and is left out "
      "of the loss";
  figure.note += methods > most_bands ? "." : "; where some did there is no band.";
}

bool any_broke_off(const std::vector<RateCurve>& curves) {
  return std::any_of(curves.begin(), curves.end(), [](const RateCurve& curve) {
    return std::any_of(curve.broke_off.begin(), curve.broke_off.end(), [](std::size_t n) { return n > 0; });
  });
}

std::vector<Series> rate_legend(const std::vector<SweepEntry>& entries) {
  std::vector<Series> legend = shared_legend(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const MethodSummary& method = *entries[i].method;
    if (method.tuned) legend[i].label += ": best " + to_text(method.chosen->options.lr);
  }
  return legend;
}

// Where no median is, or what stands against comparing them.
std::string steps_remarks(const std::vector<SweepEntry>& entries, const std::vector<RateCurve>& curves) {
  std::vector<std::string> never;
  std::set<Index> batches;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& medians = curves[i].steps.y;
    if (medians.empty()) continue;
    batches.insert(entries[i].method->chosen->options.batch_size);
    if (std::all_of(medians.begin(), medians.end(), [](double y) { return std::isnan(y); }))
      never.push_back(entries[i].method->method);
  }
  std::string text;
  if (!never.empty()) text += " At no rate: " + join(never, "; ") + ".";
  if (batches.size() > 1) text += " Batch sizes differ, and with them what a step is.";
  return text;
}

bool any_median(const std::vector<RateCurve>& curves) {
  return std::any_of(curves.begin(), curves.end(), [](const RateCurve& curve) {
    return std::any_of(curve.steps.y.begin(), curve.steps.y.end(), [](double y) { return std::isfinite(y); });
  });
}

}  // namespace

std::optional<Figure> rate_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem) {
  const std::vector<RateCurve> curves = rate_curves(entries);
  if (!any_has_rates(curves)) return std::nullopt;
  RateChart accuracy("Accuracy, " + data_name_of(problem.name), {.label = "validation accuracy, %"});
  RateChart loss("Loss", {.label = "training loss at the end", .scale = AxisScale::log});
  for (const RateCurve& curve : curves) {
    Series line = curve.accuracy;
    for (auto* values : {&line.y, &line.band_low, &line.band_high}) in_percent(*values);
    accuracy.mark_broken_off(curve, line);
    accuracy.label_broken_off(curve, line);
    accuracy.add(curve, std::move(line));
    line = curve.loss;
    loss.mark_broken_off(curve, line);
    loss.add(curve, std::move(line));
  }
  Figure figure{.legend = rate_legend(entries), .width = wide_figure, .height = height_for(entries.size())};
  figure.note = problem_note(problem.name) + "Lines: " + band_note(entries.size()) +
                ". Large dots, with a line down: each method's best learning rate." +
                same_lines(entries, lines_of(curves, &RateCurve::accuracy));
  explain_unsure(curves, figure);
  if (any_broke_off(curves)) explain_crosses(entries.size(), accuracy.chart(), figure);
  figure.note.append(" ").append(counts_text(entries, &MethodSummary::tuning, "tuning"));
  const bool bands = entries.size() <= most_bands;
  figure.charts.push_back(std::move(accuracy).finished(bands));
  figure.charts.push_back(std::move(loss).finished(bands));
  return figure;
}

std::optional<Figure> steps_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem) {
  const std::vector<RateCurve> curves = rate_curves(entries);
  if (!any_has_rates(curves) || !any_median(curves)) return std::nullopt;
  const std::string target = to_text(problem.target_loss);
  RateChart steps("Steps to a training loss of " + target + ", " + data_name_of(problem.name),
                  {.label = "optimizer steps, median", .scale = AxisScale::log});
  for (const RateCurve& curve : curves) steps.add(curve, curve.steps);
  const bool bands = entries.size() <= most_bands;
  Figure figure{.legend = rate_legend(entries), .width = 900, .height = height_for(entries.size())};
  figure.note =
      problem_note(problem.name) + "Lines: medians over the tuning trials" +
      (bands ? ", with their 95 % intervals where these have two ends" : "") +
      "; none where half of them did not get there." +
      " Large dots, with a line down: each method's best learning rate for accuracy, which need not "
      "be its fastest." +
      same_lines(entries, lines_of(curves, &RateCurve::steps)) + steps_remarks(entries, curves);
  explain_unsure(curves, figure);
  figure.note.append(" ").append(counts_text(entries, &MethodSummary::tuning, "tuning"));
  figure.charts.push_back(std::move(steps).finished(bands));
  return figure;
}

}  // namespace SOAP_ABI
}  // namespace soap
