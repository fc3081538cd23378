#include "soap/report/sweep_progress_figure.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/report/sweep_curves.hpp"
#include "soap/report/sweep_figure_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

std::optional<Figure> progress_figure(const std::vector<SweepEntry>& entries, const std::string& problem) {
  Chart passes{.title = "Accuracy against computation, " + data_name_of(problem),
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
  std::string note = problem_note(problem) +
                     "Each method at its best setting, tuning trials: " + band_note(entries.size()) +
                     "; from where one broke off it counts as guessing.";
  note += same_lines(entries, passes.series);
  Figure figure;
  figure.charts.push_back(std::move(passes));
  if (most_sent > 0) {
    if (!silent.empty()) {
      add_aside(bits.x, least_sent, most_sent, "none");
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
  figure.width = figure.charts.size() > 1 ? wide_figure : 900;
  figure.height = height_for(entries.size());
  return figure;
}

}  // namespace SOAP_ABI
}  // namespace soap
