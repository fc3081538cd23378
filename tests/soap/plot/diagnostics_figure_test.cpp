#include "soap/plot/diagnostics_figure.hpp"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

#include "soap/plot/palette.hpp"

using namespace soap;

namespace {

// One hidden layer; two samples whose figures grow.
DiagnosticsRun run(const std::string& rule, std::uint64_t seed, double angle, double bits) {
  DiagnosticsRun result{.run = {.rule = rule, .step_kind = "backward", .lr = 0.1, .seed = seed},
                        .samples = {}};
  for (const std::int64_t step : {1, 100}) {
    result.samples.push_back(
        {.epoch = 1,
         .step = step,
         .examples = 10 * step,
         .layers = {
             {.layer = "layers.0", .delta_angle = angle, .effective_rank = 5.0},
             {.layer = "layers.2", .feedback_angle = angle + static_cast<double>(step), .delta_angle = 0.0},
             {.layer = "all", .update_angle = angle / 2, .bits_per_example = bits}}});
  }
  return result;
}

AccuracyCurve accuracy(const DiagnosticsRun& of, double last) {
  // Between the two samples nobody knows the bits.
  return {.run = of.run, .examples = {10, 500, 1000}, .accuracies = {0.5, 0.625, last}};
}

std::vector<std::string> titles(const Figure& figure) {
  std::vector<std::string> all;
  for (const auto& chart : figure.charts) all.push_back(chart.title);
  return all;
}

}  // namespace

TEST_CASE("each figure that was measured has a chart, and those that were not have none") {
  const Figure figure = diagnostics_figure({run("fa", 1, 40, 0), run("fa", 2, 60, 0), run("bp", 1, 0, 32)});
  REQUIRE(titles(figure) == std::vector<std::string>{"Feedback to weights: angle",
                                                     "Delta to backpropagation's: angle",
                                                     "Update to -gradient, whole network: angle",
                                                     "Effective rank of the hidden activity"});
  // A rule's mean over its seeds, in its color and the dashes of the layer.
  const Chart& feedback = figure.charts[0];
  REQUIRE(feedback.series.size() == 2);
  CHECK(feedback.series[0].x == std::vector<double>{1, 100});
  CHECK(feedback.series[0].y == std::vector<double>{51, 150});
  CHECK(feedback.series[0].band_low == std::vector<double>{41, 140});
  CHECK(feedback.series[0].color == palette_color(0));
  CHECK(feedback.series[0].style == SeriesStyle::dashes);
  CHECK(feedback.series[1].color == palette_color(1));
  CHECK(feedback.series[1].band_low.empty());
  // The output layer's delta is the same for all rules.
  const Chart& delta = figure.charts[1];
  REQUIRE(delta.series.size() == 2);
  CHECK(delta.series[0].y == std::vector<double>{50, 50});
  CHECK(delta.series[0].style == SeriesStyle::line);
  CHECK(figure.charts[2].series[0].y == std::vector<double>{25, 25});

  REQUIRE(figure.legend.size() == 4);
  const std::array<std::string, 4> labels = {"fa", "bp", "layers.0", "layers.2"};
  for (std::size_t i = 0; i < 4; ++i) CHECK(figure.legend[i].label == labels[i]);
  CHECK(figure.legend[3].style == SeriesStyle::dashes);
  CHECK(figure.note.find("Bands") != std::string::npos);
}

TEST_CASE("accuracy stands over the bits transported until then, and in front of them over none") {
  const DiagnosticsRun fa = run("fa", 1, 40, 0);
  const DiagnosticsRun other_fa = run("fa", 2, 40, 0);
  const DiagnosticsRun bp = run("bp", 1, 0, 32);
  DiagnosticsRun silent = run("own", 1, 0, 0);
  for (auto& sample : silent.samples) sample.layers.back().bits_per_example.reset();
  const Figure figure = diagnostics_figure({fa, other_fa, bp, silent},
                                           {.accuracies = {accuracy(fa, 0.75), accuracy(other_fa, 0.5),
                                                           accuracy(bp, 0.875), accuracy(silent, 1)}});
  const Chart& chart = figure.charts.back();
  CHECK(chart.title == "Accuracy over transported bits");
  CHECK(chart.x.scale == AxisScale::log);
  REQUIRE(chart.series.size() == 2);
  CHECK(chart.series[1].x == std::vector<double>{32 * 10, 32 * 1000});
  CHECK(chart.series[1].y == std::vector<double>{50, 87.5});
  CHECK(chart.series[1].color == palette_color(1));
  REQUIRE(chart.x.aside.has_value());
  CHECK(chart.x.aside->name == "none");
  CHECK(chart.x.aside->until < 32 * 10);
  CHECK(chart.series[0].x == std::vector<double>{*chart.x.low, chart.x.aside->until});
  CHECK(chart.series[0].y == std::vector<double>{62.5, 62.5});
  CHECK(chart.series[0].color == palette_color(0));
}

TEST_CASE("rules that all transport nothing have no chart of bits, and one sample alone is drawn") {
  const DiagnosticsRun fa = run("fa", 1, 40, 0);
  DiagnosticsRun one = run("fa", 2, 40, 0);
  one.samples.pop_back();
  const Figure figure = diagnostics_figure({fa}, {.accuracies = {accuracy(fa, 0.75)}});
  CHECK(titles(figure).back() == "Effective rank of the hidden activity");
  CHECK_NOTHROW(render(figure));
  const Figure alone = diagnostics_figure({one});
  CHECK(alone.charts.front().x.high == 2);  // its point is not on the frame
  CHECK_FALSE(figure.charts.front().x.high.has_value());
  CHECK_NOTHROW(render(alone));
}

TEST_CASE("a run without samples has no charts, and none of another's") {
  DiagnosticsRun empty = run("bp", 1, 0, 0);
  empty.samples.clear();
  CHECK(diagnostics_figure({empty}).charts.empty());
  const DiagnosticsRun fa = run("fa", 1, 40, 0);
  CHECK(titles(diagnostics_figure({empty, fa})) == titles(diagnostics_figure({fa})));
}

TEST_CASE("the fifth layer has the first one's dashes, but paler") {
  DiagnosticsRun deep{.run = {.rule = "fa", .step_kind = "backward", .lr = 0.1, .seed = 1}, .samples = {}};
  deep.samples.push_back({.epoch = 1, .step = 1, .examples = 1, .layers = {}});
  for (const char* layer : {"layers.0", "layers.2", "layers.4", "layers.6", "layers.8"})
    deep.samples[0].layers.push_back({.layer = layer, .feedback_angle = 1.0});
  const Figure figure = diagnostics_figure({deep});
  const auto& series = figure.charts.at(0).series;
  REQUIRE(series.size() == 5);
  CHECK(series[3].style == SeriesStyle::dash_dots);
  CHECK(series[4].style == series[0].style);
  CHECK(series[4].color->red > series[0].color->red);
}

TEST_CASE("more rules than colors are told apart by marks, in every chart and in the legend") {
  std::vector<DiagnosticsRun> runs;
  constexpr std::size_t count = 20;
  for (std::size_t i = 0; i < count; ++i) runs.push_back(run("rule" + std::to_string(i), 1, 40, 32));
  const Figure figure = diagnostics_figure(runs);
  const auto same_looks = [](const Series& a, const Series& b) {
    return a.color == b.color && a.style == b.style && a.marks == b.marks && a.shape == b.shape &&
           a.hollow == b.hollow;
  };
  const auto& update = figure.charts[2].series;
  REQUIRE(update.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    CHECK(same_looks(update[i], figure.legend[i]));
    for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(same_looks(update[i], update[j]));
  }
}
