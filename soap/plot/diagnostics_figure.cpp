#include "soap/plot/diagnostics_figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "soap/plot/palette.hpp"
#include "soap/plot/seed_average.hpp"
#include "soap/plot/thinning.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr double cell_width = 430;
constexpr double cell_height = 300;
constexpr std::size_t mark_rounds = 4;  // of full marks; those after them are hollow
const std::string whole_network = "all";

// The runs of one color: they differ only in their seeds.
struct Line {
  std::string name;
  std::vector<const DiagnosticsRun*> runs;
};

std::vector<Line> lines_of(const std::vector<DiagnosticsRun>& runs) {
  std::vector<Line> lines;
  std::vector<RunLabel> labels;
  for (const DiagnosticsRun& run : runs) {
    labels.push_back(run.run);
    auto line = std::find_if(lines.begin(), lines.end(), [&](const Line& other) {
      return differ_in_seed_only(other.runs.front()->run, run.run);
    });
    if (line == lines.end()) line = lines.insert(line, Line{});
    line->runs.push_back(&run);
  }
  for (Line& line : lines) line.name = line_name(line.runs.front()->run, labels);
  return lines;
}

// All layers that any run has, from below, without the row of the whole network.
std::vector<std::string> layers_of(const std::vector<DiagnosticsRun>& runs) {
  std::vector<std::string> layers;
  for (const DiagnosticsRun& run : runs) {
    if (run.samples.empty()) continue;
    for (const LayerDiagnostics& row : run.samples.front().layers) {
      const bool known = std::find(layers.begin(), layers.end(), row.layer) != layers.end();
      if (!known && row.layer != whole_network) layers.push_back(row.layer);
    }
  }
  return layers;
}

// A dash for each of four layers; the next four are paler.
void style_layer(Series& series, std::size_t layer) {
  constexpr std::array styles{SeriesStyle::line, SeriesStyle::dashes, SeriesStyle::dots,
                              SeriesStyle::dash_dots};
  series.style = styles[layer % styles.size()];
  const std::size_t whole_rounds = layer / styles.size();
  const auto rounds = static_cast<float>(whole_rounds);
  const float paler = 1 - 1 / (1 + 0.6F * rounds);
  const auto mix = [&](float part) { return part + paler * (1 - part); };
  series.color = Color{mix(series.color->red), mix(series.color->green), mix(series.color->blue)};
}

// The color of a line, and from the eighth on a mark, for the dashes tell the layers.
void style_line(Series& series, std::size_t line) {
  series.color = palette_color(line);
  const std::size_t round = palette_round(line);
  if (round == 0) return;
  series.marks = true;
  series.shape = round_shape(round - 1);
  series.hollow = round > mark_rounds;
  series.mark_radius = telling_radius;
  series.most_marks = few_marks;
}

using Figures = std::optional<double> (*)(const LayerDiagnostics&);

SampledCurve curve_of(const DiagnosticsRun& run, const std::string& layer, Figures figure) {
  SampledCurve curve;
  for (const DiagnosticSample& sample : run.samples) {
    for (const LayerDiagnostics& row : sample.layers) {
      const auto value = row.layer == layer ? figure(row) : std::nullopt;
      if (!value) continue;
      curve.x.push_back(static_cast<double>(sample.step));
      curve.y.push_back(*value);
    }
  }
  return curve;
}

// Twice the only step that there are samples of, so that their points stand in the middle and not on the
// frame.
std::optional<double> step_limit(const std::vector<DiagnosticsRun>& runs) {
  std::optional<std::int64_t> only;
  for (const DiagnosticsRun& run : runs) {
    for (const DiagnosticSample& sample : run.samples) {
      if (only && *only != sample.step) return std::nullopt;
      only = sample.step;
    }
  }
  if (!only) return std::nullopt;
  return 2 * static_cast<double>(*only);
}

enum class Shows { layers, layers_but_the_last, network };

struct Panel {
  std::string title;
  Axis y;
  Shows shows;
  Figures figure;
  std::vector<ReferenceLine> reference_lines;
};

std::vector<Panel> panels() {
  const Axis degrees{.label = "degrees", .low = 0};
  const Axis share{.label = "share", .low = 0};
  const Axis ratio{.label = "ratio", .scale = AxisScale::log};
  const Axis efficiency{.label = "descent efficiency"};
  const Axis dimensions{.label = "dimensions", .low = 0};
  const ReferenceLine zero{.y = 0};
  const ReferenceLine half{.y = 0.5};
  const ReferenceLine one{.y = 1};
  const ReferenceLine right_angle{.y = 90, .label = "90\u00B0"};
  using Row = const LayerDiagnostics&;
  const Figures dead_or_saturated = [](Row row) -> std::optional<double> {
    if (!row.dead_units || !row.saturated_units) return std::nullopt;
    return *row.dead_units + *row.saturated_units;
  };
  std::vector<Panel> all;
  const auto add = [&](const char* title, const Axis& y, Shows shows, Figures figure,
                       const std::vector<ReferenceLine>& reference_lines) {
    all.push_back({title, y, shows, figure, reference_lines});
  };
  add("Feedback to weights: angle", degrees, Shows::layers, [](Row row) { return row.feedback_angle; },
      {right_angle});
  add("Delta to backpropagation's: angle", degrees, Shows::layers_but_the_last,
      [](Row row) { return row.delta_angle; }, {right_angle});
  add("Update to -gradient, whole network: angle", degrees, Shows::network,
      [](Row row) { return row.update_angle; }, {right_angle});
  add("Signs that feedback and weights share", share, Shows::layers,
      [](Row row) { return row.weighted_sign_concordance; }, {half, one});
  add("Delta to backpropagation's: norm", ratio, Shows::layers_but_the_last,
      [](Row row) { return row.delta_norm_ratio; }, {one});
  add("Loss decrease over the gradient's promise", efficiency, Shows::network,
      [](Row row) { return row.descent_efficiency; }, {zero, one});
  add("Effective rank of the hidden activity", dimensions, Shows::layers,
      [](Row row) { return row.effective_rank; }, {});
  add("Hidden units dead or saturated", share, Shows::layers, dead_or_saturated, {one});
  return all;
}

Chart draw_panel(const Panel& panel, const std::vector<Line>& lines, const std::vector<std::string>& layers) {
  Chart chart{.title = panel.title,
              .x = {.label = "step", .low = 0, .least_tick_step = 1},
              .y = panel.y,
              .reference_lines = panel.reference_lines};
  const auto columns = static_cast<std::size_t>(cell_width * Figure().scale);
  const auto add = [&](std::size_t line, const std::string& layer, std::size_t style) {
    std::vector<SampledCurve> curves;
    for (const DiagnosticsRun* run : lines[line].runs) {
      SampledCurve curve = curve_of(*run, layer, panel.figure);
      if (!curve.x.empty()) curves.push_back(std::move(curve));
    }
    if (curves.empty()) return;
    Series series = thinned(average_over_seeds(curves), columns);
    style_line(series, line);
    style_layer(series, style);
    chart.series.push_back(std::move(series));
  };
  const bool without_last = panel.shows == Shows::layers_but_the_last && !layers.empty();
  const std::size_t shown = layers.size() - (without_last ? 1 : 0);
  for (std::size_t line = 0; line < lines.size(); ++line) {
    if (panel.shows == Shows::network) {
      add(line, whole_network, 0);
    } else {
      for (std::size_t layer = 0; layer < shown; ++layer) add(line, layers[layer], layer);
    }
  }
  return chart;
}

// All bits until then; none where no sample was taken there.
std::optional<double> bits_until(const DiagnosticsRun& run, std::int64_t examples) {
  for (const DiagnosticSample& sample : run.samples) {
    if (sample.examples != examples) continue;
    for (const LayerDiagnostics& row : sample.layers) {
      if (row.layer == whole_network && row.bits_per_example)
        return *row.bits_per_example * static_cast<double>(examples);
    }
  }
  return std::nullopt;
}

SampledCurve accuracy_over_bits(const DiagnosticsRun& run, const std::vector<AccuracyCurve>& accuracies) {
  SampledCurve curve;
  for (const AccuracyCurve& accuracy : accuracies) {
    if (accuracy.run != run.run) continue;
    for (std::size_t i = 0; i < accuracy.examples.size(); ++i) {
      const auto bits = bits_until(run, accuracy.examples[i]);
      if (!bits) continue;
      curve.x.push_back(*bits);
      curve.y.push_back(100 * accuracy.accuracies[i]);
    }
  }
  return curve;
}

SampledCurve last_point(const SampledCurve& curve) { return {.x = {curve.x.back()}, .y = {curve.y.back()}}; }

// One point as a level line.
void stretch(Series& series, double from, double to) {
  series.x = {from, to};
  for (auto* values : {&series.y, &series.band_low, &series.band_high}) {
    if (!values->empty()) values->push_back(values->front());
  }
}

Chart draw_bits(const std::vector<Line>& lines, const std::vector<AccuracyCurve>& accuracies) {
  Chart chart{.title = "Accuracy over transported bits",
              .x = {.label = "bits of weights transported", .scale = AxisScale::log},
              .y = {.label = "test accuracy %"}};
  std::vector<std::size_t> silent;  // series of lines that transport nothing
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (std::size_t line = 0; line < lines.size(); ++line) {
    std::vector<SampledCurve> curves;
    bool any_bits = false;
    for (const DiagnosticsRun* run : lines[line].runs) {
      SampledCurve curve = accuracy_over_bits(*run, accuracies);
      if (curve.x.empty()) continue;
      any_bits = any_bits || curve.x.back() > 0;
      curves.push_back(std::move(curve));
    }
    if (curves.empty()) continue;
    if (!any_bits) std::transform(curves.begin(), curves.end(), curves.begin(), last_point);
    Series series = average_over_seeds(curves);
    style_line(series, line);
    if (!any_bits) silent.push_back(chart.series.size());
    for (const double bits : series.x) {
      if (!(bits > 0 && std::isfinite(bits))) continue;
      least = std::min(least, bits);
      most = std::max(most, bits);
    }
    chart.series.push_back(std::move(series));
  }
  // Without a number there is no axis.
  if (!(most > 0)) return {};
  // The points at the ends are drawn whole.
  chart.x.low = beside(least, most, least, -0.04);
  chart.x.high = beside(least, most, most, 0.04);
  // Zero has no place on a log axis.
  if (!silent.empty()) add_aside(chart.x, least, most, "none");
  for (const std::size_t i : silent) stretch(chart.series[i], *chart.x.low, chart.x.aside->until);
  return chart;
}

std::vector<Series> legend_of(const std::vector<Line>& lines, const std::vector<std::string>& layers) {
  std::vector<Series> legend;
  for (std::size_t line = 0; line < lines.size(); ++line) {
    legend.push_back({.label = lines[line].name});
    style_line(legend.back(), line);
  }
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    legend.push_back({.label = layers[layer], .color = pale_ink});
    style_layer(legend.back(), layer);
  }
  return legend;
}

}  // namespace

Figure diagnostics_figure(const std::vector<DiagnosticsRun>& runs, const DiagnosticsFigureOptions& options) {
  const std::vector<Line> lines = lines_of(runs);
  const std::vector<std::string> layers = layers_of(runs);
  Figure figure{.arrangement = Arrangement::grid, .columns = 3};
  const auto add = [&](Chart chart) {
    if (!chart.series.empty()) figure.charts.push_back(std::move(chart));
  };
  for (const Panel& panel : panels()) {
    Chart chart = draw_panel(panel, lines, layers);
    chart.x.high = step_limit(runs);
    add(std::move(chart));
  }
  add(draw_bits(lines, options.accuracies));
  figure.legend = legend_of(lines, layers);
  const bool several_seeds =
      std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.runs.size() > 1; });
  figure.note = options.title + (options.title.empty() ? "" : ". ");
  if (several_seeds) figure.note += "Lines: mean over seeds. Bands: lowest to highest seed. ";
  figure.note += "Charts of the whole network have one line a rule.";
  const std::size_t whole_rows = (figure.charts.size() + figure.columns - 1) / figure.columns;
  const auto rows = static_cast<double>(whole_rows);
  figure.width = cell_width * static_cast<double>(figure.columns);
  figure.height = cell_height * std::max(rows, 1.0) + legend_height(figure);
  return figure;
}

}  // namespace SOAP_ABI
}  // namespace soap
