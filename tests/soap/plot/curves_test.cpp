#include "soap/plot/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/plot/chart.hpp"

#include "tests/support/complaint.hpp"
#include "tests/support/infinity.hpp"
#include "tests/support/temporary_folder.hpp"

using soap::Chart;
using soap::curves_figure;
using soap::CurvesOptions;
using soap::IoError;
using soap::LossCurve;
using soap::read_curves;
using soap::RunCurve;
using test::infinity;

namespace {

const std::string header =
    "rule,step_kind,lr,seed,epoch,step,examples,train_loss,test_loss,test_accuracy,seconds\n";

std::vector<RunCurve> parsed(const std::string& rows) {
  const test::TemporaryFolder folder;
  return read_curves(folder.write("metrics.csv", header + rows));
}

std::string complaint_about(const std::string& rows) {
  return test::complaint_of([&] { (void)parsed(rows); });
}

RunCurve run(const std::string& rule, std::uint64_t seed, const std::vector<double>& losses,
             double lr = 0.1) {
  RunCurve result{.rule = rule, .step_kind = "backward", .lr = lr, .seed = seed, .train = {}};
  for (std::size_t i = 0; i < losses.size(); ++i) {
    result.train.steps.push_back(static_cast<std::int64_t>(i) + 1);
    result.train.losses.push_back(losses[i]);
  }
  return result;
}

Chart chart_of(const std::vector<RunCurve>& runs) {
  return curves_figure(runs, {.target_loss = 0.5, .smoothing_window = 1, .crossing_window = 1}).charts.at(0);
}

}  // namespace

TEST_CASE(
    "curves are read run by run, also when runs alternate, and rows without a training loss are passed "
    "over") {
  const auto runs = parsed(
      "bp,backward,0.1,1,1,10,640,2.5,,,0.1\n"
      "sign:period=6400,backward,0.1,1,1,10,640,2.25,,,0.1\n"
      "bp,backward,0.1,1,1,15,960,,0.5,0.9,0.2\n"
      "bp,backward,0.1,1,1,20,1280,1.5,,,0.3\n"
      "bp,backward,0.1,2,1,10,640,3,,,0.1\n");
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].rule == "bp");
  CHECK(runs[0].step_kind == "backward");
  CHECK(runs[0].lr == 0.1);
  CHECK(runs[0].seed == 1);
  CHECK(runs[0].train.steps == std::vector<std::int64_t>{10, 20});
  CHECK(runs[0].train.losses == std::vector<double>{2.5, 1.5});
  CHECK(runs[1].rule == "sign:period=6400");
  CHECK(runs[2].seed == 2);
}

TEST_CASE("a metrics file that makes no sense is refused with the line") {
  CHECK(complaint_about("") == "found no row with a train_loss, expected training curves");
  CHECK(complaint_about("bp,backward,0.1,1,1,10,640,x,,,0\n")
            .find("found 'x' in column 'train_loss' on line 2") != std::string::npos);
  CHECK(complaint_about("bp,backward,0.1,1,1,,640,1,,,0\n")
            .find("found a blank in column 'step' on line 2, expected a step") != std::string::npos);
  CHECK(complaint_about("bp,backward,0.1,-1,1,5,640,1,,,0\n").find("found '-1' in column 'seed'") !=
        std::string::npos);
  CHECK(complaint_about("bp,backward,nan,1,1,5,640,1,,,0\n").find("found 'nan' in column 'lr'") !=
        std::string::npos);
  CHECK(complaint_about("bp,backward,0.1,1,1,5,640,1,,,0\nbp,backward,0.1,1,1,5,640,1,,,0\n")
            .find("found '5' in column 'step' on line 3, expected a step after step 5") != std::string::npos);
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(read_curves(folder.write("m.csv", "rule,step_kind,lr,seed,step\n")), IoError);
}

TEST_CASE("the line is the mean over seeds and the band goes from the lowest to the highest") {
  const Chart chart =
      chart_of({run("bp", 1, {4, 2, 1}), run("bp", 2, {2, 1, 0.25}), run("fa", 1, {4, 4, 4})});
  REQUIRE(chart.series.size() == 2);
  CHECK(chart.series[0].x == std::vector<double>{1, 2, 3});
  CHECK(chart.series[0].y == std::vector<double>{3, 1.5, 0.625});
  CHECK(chart.series[0].band_low == std::vector<double>{2, 1, 0.25});
  CHECK(chart.series[0].band_high == std::vector<double>{4, 2, 1});
  CHECK(chart.series[1].band_low.empty());
  CHECK(chart.note.find("lowest to highest seed") != std::string::npos);
}

TEST_CASE("also of long runs, of which not every point is drawn, each that is drawn is the mean over seeds") {
  std::vector<std::vector<double>> losses(2);
  for (int i = 0; i < 50'000; ++i) {
    losses[0].push_back(2 + std::sin(1.7 * i));
    losses[1].push_back(2 + std::sin(2.3 * i));
  }
  const Chart chart =
      curves_figure({run("bp", 1, losses[0]), run("bp", 2, losses[1])}, {.smoothing_window = 1})
          .charts.front();
  const soap::Series& line = chart.series.front();
  CHECK(line.x.size() < 20'000);
  CHECK(line.x.size() > 1'000);
  for (std::size_t i = 0; i < line.x.size(); ++i) {
    const auto place = static_cast<std::size_t>(line.x[i]) - 1;
    REQUIRE(line.y[i] == doctest::Approx((losses[0][place] + losses[1][place]) / 2).epsilon(1e-12));
    REQUIRE(line.band_low[i] == std::min(losses[0][place], losses[1][place]));
  }
}

TEST_CASE("seeds logged at different steps are averaged on the straight lines between their rows") {
  RunCurve sparse = run("bp", 2, {});
  sparse.train = LossCurve{.steps = {1, 3}, .losses = {2, 4}};
  const Chart chart = chart_of({run("bp", 1, {1, 1, 1, 1}), sparse});
  CHECK(chart.series[0].x == std::vector<double>{1, 2, 3, 4});
  CHECK(chart.series[0].y == std::vector<double>{1.5, 2, 2.5, 1});
}

TEST_CASE("a seed that ends early or diverges is counted in the legend") {
  const Chart chart =
      chart_of({run("bp", 1, {1, 1, 1}), run("bp", 2, {1, 3}), run("bp", 3, {1, infinity, infinity})});
  CHECK(chart.series[0].y == std::vector<double>{1, 2, 1});
  CHECK(chart.series[0].label.find("2 ended early") != std::string::npos);
  CHECK(chart_of({run("bp", 1, {1, 1})}).series[0].label.find("early") == std::string::npos);
}

TEST_CASE("each curve is marked where the median seed gets below the target") {
  const Chart chart = chart_of({run("bp", 1, {1, 0.4, 0.1}), run("bp", 2, {1, 1, 0.4}),
                                run("bp", 3, {1, 1, 1}), run("fa", 1, {1, 1, 1}), run("fa", 2, {1, 1, 0.5}),
                                run("kp", 1, {1, 1, 1}), run("kp", 2, {1, 1, 0.4}), run("kp", 3, {1, 1, 1})});
  REQUIRE(chart.reference_lines.size() == 1);
  CHECK(chart.reference_lines[0].y == 0.5);
  CHECK(chart.reference_lines[0].label == "loss 0.5");
  REQUIRE(chart.crossings.size() == 1);
  CHECK(chart.crossings[0].x == 3);
  CHECK(chart.crossings[0].y == 0.5);
  CHECK(chart.crossings[0].label == "3 (2 of 3)");
  CHECK(chart.crossings[0].series == 0);
  CHECK(chart.series[0].label == "bp, 3\u00A0seeds");
  CHECK(chart.series[1].label == "fa, 2\u00A0seeds: 0.5\u00A0never\u00A0reached");
  CHECK(chart.series[2].label == "kp, 3\u00A0seeds: 0.5\u00A0reached\u00A0by\u00A01");
}

TEST_CASE("learning rates and step kinds are named only where they differ") {
  RunCurve other = run("bp", 1, {0.1});
  CHECK(chart_of({run("bp", 1, {0.1}, 0.1)}).series[0].label == "bp, 1\u00A0seed");
  const Chart rates = chart_of({run("bp", 1, {0.1}, 0.1), run("bp", 1, {0.1}, 0.03)});
  CHECK(rates.series[0].label == "bp, lr 0.1, 1\u00A0seed");
  CHECK(rates.series[1].label == "bp, lr 0.03, 1\u00A0seed");
  other.step_kind = "soap";
  CHECK(chart_of({run("bp", 1, {0.1}), other}).series[1].label == "bp, soap, 1\u00A0seed");
}

TEST_CASE("the lines are smoothed over the window") {
  const auto figure = curves_figure({run("bp", 1, {4, 2, 0, 0})}, {.smoothing_window = 2});
  CHECK(figure.charts[0].series[0].y == std::vector<double>{4, 3, 1, 0});
}

TEST_CASE("options out of range are refused") {
  const std::vector<RunCurve> runs{run("bp", 1, {1})};
  CHECK_THROWS_AS(curves_figure(runs, {.target_loss = 0}), std::invalid_argument);
  CHECK_THROWS_AS(curves_figure(runs, {.target_loss = infinity}), std::invalid_argument);
  CHECK_THROWS_AS(curves_figure(runs, {.smoothing_window = 0}), std::invalid_argument);
  CHECK_THROWS_AS(curves_figure(runs, {.crossing_window = 0}), std::invalid_argument);
}

TEST_CASE("curves that never cross, or end at once, are drawn") {
  CHECK_NOTHROW(soap::render(curves_figure({run("bp", 1, {2, 2, 2}), run("fa", 1, {infinity})})));
  CHECK_NOTHROW(soap::render(curves_figure({run("bp", 1, {1})})));
  CHECK_NOTHROW(soap::render(curves_figure({})));
}
