#include "soap/report/sweep_figures.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/report/sweep_curves.hpp"
#include "soap/report/sweep_figure_parts.hpp"

#include "tests/support/trial_records.hpp"

using doctest::Approx;
using soap::SweepFigure;
using soap::TrialRecord;

namespace {

std::vector<SweepFigure> figures_of(const std::vector<TrialRecord>& records) {
  return soap::sweep_figures(soap::summarize_sweep({.records = records, .damaged = {}}), records);
}

std::vector<const TrialRecord*> tuning_of(const std::vector<TrialRecord>& records, const std::string& rule) {
  std::vector<const TrialRecord*> tuning;
  for (const TrialRecord& record : records) {
    if (record.setting.validation > 0 && record.setting.options.rule == rule) tuning.push_back(&record);
  }
  return tuning;
}

bool says(const SweepFigure& figure, const std::string& words) {
  CAPTURE(figure.figure.note);
  return figure.figure.note.find(words) != std::string::npos;
}

soap::MethodSummary first_method(const std::vector<TrialRecord>& records) {
  return soap::summarize_sweep({.records = records, .damaged = {}}).problems.front().methods.front();
}

}  // namespace

TEST_CASE("over the learning rate: means with lowest and highest, diverged trials guess and have no loss") {
  auto records = test::sweep({"bp"}, 3);
  for (TrialRecord& record : records) {
    if (record.setting.options.lr == 1 && record.setting.options.seed != 2) record = test::diverged(record);
  }
  // Another batch size than the chosen one is another curve.
  TrialRecord other = test::tuned("bp", 0.5, 1, 0.3);
  other.setting.options.batch_size = 8;
  records.push_back(other);
  const auto curve = soap::rate_curve(first_method(records), tuning_of(records, "bp"));
  CHECK(curve.accuracy.x == std::vector<double>{0.01, 0.1, 1});
  CHECK(curve.accuracy.y[1] == Approx(0.902));
  CHECK(curve.accuracy.band_low[1] == Approx(0.901));
  CHECK(curve.accuracy.band_high[1] == Approx(0.903));
  CHECK(curve.accuracy.y[2] == Approx((0.1 + 0.702 + 0.1) / 3));
  CHECK(curve.accuracy.band_low[2] == Approx(0.1));
  CHECK(curve.loss.y[2] == Approx(2 * (1 - 0.702)));
  CHECK(curve.trials == std::vector<std::size_t>{3, 3, 3});
  CHECK(curve.broke_off == std::vector<std::size_t>{0, 0, 2});
}

TEST_CASE("on the way: passes, bits and accuracy, with guessing after a trial diverged") {
  auto records = test::sweep({"bp"}, 2);
  for (TrialRecord& record : records) {
    record.passes_per_example = 2;
    if (record.setting.options.seed == 2 && !record.samples.empty()) record.samples.pop_back();
  }
  const auto curve = soap::progress_curve(first_method(records), tuning_of(records, "bp"));
  CHECK(curve.passes == std::vector<double>{6400, 12800});
  CHECK(curve.bits == std::vector<double>{1000, 1000});
  CHECK(curve.accuracy[0] == Approx((0.901 + 0.902) / 4));
  CHECK(curve.accuracy[1] == Approx((0.901 + 0.1) / 2));
  CHECK(curve.lowest[1] == Approx(0.1));
  CHECK(curve.highest[1] == Approx(0.901));
}

TEST_CASE("a sweep's figures show each method once, mark the best rate, and can be drawn") {
  for (const std::size_t methods : {1, 2, 14}) {
    CAPTURE(methods);
    std::vector<std::string> rules;
    for (std::size_t i = 0; i < methods; ++i) rules.push_back(i == 0 ? "bp" : "rule" + std::to_string(i));
    const auto figures = figures_of(test::sweep(rules, 6));
    REQUIRE(figures.size() == 5);
    CHECK(figures[0].file == "learning_rate.png");
    CHECK(figures[1].file == "test_accuracy.png");
    CHECK(figures[2].file == "progress.png");
    CHECK(figures[3].file == "expected_best.png");
    CHECK(figures[4].file == "steps_to_loss.png");
    const soap::Chart& rates = figures[0].figure.charts[0];
    CHECK(rates.series.size() == methods);
    REQUIRE(rates.crossings.size() == methods);
    CHECK(rates.crossings[0].x == 0.1);
    CHECK(rates.crossings[0].y == Approx(90.35));
    CHECK(figures[0].figure.legend.size() == methods);
    CHECK(figures[1].figure.charts.size() == (methods > 1 ? 2 : 1));
    CHECK(figures[1].figure.charts[0].y.names.size() == methods);
    CHECK(figures[1].figure.charts[0].y.names.back() == "bp");  // the best stands at the top
    const bool few = methods <= 7;
    CHECK(figures[0].figure.legend[0].label == "bp: best 0.1");
    CHECK(rates.series[0].band_low.empty() != few);
    CHECK(figures[0].figure.note.find(std::to_string(18 * methods) + " tuning trials.") != std::string::npos);
    CHECK(figures[1].figure.note.find(std::to_string(6 * methods) + " judging trials.") != std::string::npos);
    for (const SweepFigure& figure : figures) {
      CHECK(figure.figure.charts.front().title.ends_with(", images"));
      CHECK(figure.figure.note.starts_with("images; hidden 256, tanh, softmax_cross_entropy, epochs 2. "));
      CHECK(soap::is_sweep_figure(figure.file));
      CHECK(soap::render(figure.figure).width > 0);
    }
  }
}

TEST_CASE("where trials diverged there is a cross with how many, unless it was all of them, and no band") {
  auto records = test::sweep({"bp", "fa"}, 3);
  for (TrialRecord& record : records) {
    if (record.setting.options.lr != 1) continue;
    if (record.setting.options.rule == "fa" || record.setting.options.seed == 2)
      record = test::diverged(record);
  }
  const auto figure = figures_of(records).front().figure;
  const soap::Chart& accuracy = figure.charts[0];
  REQUIRE(accuracy.series.size() == 3);
  CHECK(accuracy.series[2].style == soap::SeriesStyle::crosses);
  CHECK(accuracy.series[2].x == std::vector<double>{1, 1});
  CHECK(accuracy.series[2].y[0] == Approx(100 * (0.701 + 0.1 + 0.703) / 3));
  CHECK(accuracy.series[2].y[1] == Approx(10));
  REQUIRE(accuracy.labels.size() == 1);
  CHECK(accuracy.labels[0].text == "1");
  CHECK(accuracy.labels[0].y == accuracy.series[2].y[0]);
  CHECK(std::isnan(accuracy.series[0].band_low[2]));
  CHECK(accuracy.series[0].band_low[1] == Approx(90.1));
  // The loss is that of the others, where there are any.
  const soap::Chart& loss = figure.charts[1];
  CHECK(loss.series[2].y[0] == Approx(2 * (1 - 0.702)));
  CHECK(std::isnan(loss.series[2].y[1]));
  CHECK(figure.legend.back().style == soap::SeriesStyle::crosses);
  CHECK(figure.note.find("18 tuning trials, 4 of them diverged.") != std::string::npos);
  CHECK_NOTHROW(soap::render(figure));
}

TEST_CASE("a trial passed over once on the way keeps its later samples at their place") {
  auto records = test::sweep({"bp"}, 2);
  for (TrialRecord& record : records) {
    // The validation loss of the first sample was not finite.
    if (record.setting.options.seed == 2 && !record.samples.empty())
      record.samples.erase(record.samples.begin());
  }
  const auto curve = soap::progress_curve(first_method(records), tuning_of(records, "bp"));
  CHECK(curve.accuracy[0] == Approx((0.901 / 2 + 0.1) / 2));
  CHECK(curve.accuracy[1] == Approx((0.901 + 0.902) / 2));
}

TEST_CASE("the rows of the differences stand beside those of the accuracies, the baseline at zero") {
  const auto figures = figures_of(test::sweep({"bp", "fa"}, 6));
  const SweepFigure& figure = figures[1];
  const auto means = [&](std::size_t chart) {
    std::vector<double> values;
    for (const soap::Series& series : figure.figure.charts[chart].series) {
      if (series.mark_radius > 3) values.push_back(series.x.front());
    }
    return values;
  };
  REQUIRE(means(0).size() == 2);
  CHECK(means(0)[0] == Approx(90.35));
  CHECK(means(0)[1] == Approx(89.35));
  REQUIRE(means(1).size() == 2);
  CHECK(means(1)[0] == 0);
  CHECK(means(1)[1] == Approx(-1));
  CHECK(figure.figure.charts[1].y.names == std::vector<std::string>{"", ""});
  CHECK(says(figure, "in its 95 % interval (inverted sign-flip test). Small dots"));
  CHECK(says(figure, "Intervals of differences are not corrected"));
}

TEST_CASE("methods whose lines are the same are named, for only one of them can be seen") {
  auto records = test::sweep({"bp", "fa", "kp"}, 2);
  const auto said = [&](std::size_t figure) {
    return figures_of(records)[figure].figure.note.find("On one line: dfa; fa.") != std::string::npos;
  };
  CHECK_FALSE(said(0));
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].setting.options.rule != "fa") continue;
    TrialRecord copy = records[i];
    copy.setting.options.rule = "dfa";
    if (copy.judged) *copy.judged->accuracy *= 1 + 1e-15;  // as from means in another order
    records.push_back(std::move(copy));
  }
  CHECK(said(0));
  CHECK(said(2));
}

TEST_CASE("the counts under a picture say what is missing") {
  auto records = test::sweep({"bp", "fa"}, 3);
  records.pop_back();
  const auto figures = figures_of(records);
  CHECK(figures[1].figure.note.find("5 judging trials, 1 missing.") != std::string::npos);
  CHECK(figures[0].figure.note.find("18 tuning trials.") != std::string::npos);
}

TEST_CASE("one learning rate gives no picture over it, several problems give numbered files") {
  auto records = test::sweep({"bp", "fa"}, 2);
  std::erase_if(records, [](const TrialRecord& record) { return record.setting.options.lr != 0.1; });
  CHECK(figures_of(records).front().file == "test_accuracy.png");
  for (TrialRecord record : test::sweep({"bp"}, 2)) {
    record.setting.options.hidden = {7};
    records.push_back(record);
  }
  const auto figures = figures_of(records);
  // With one setting there is no search either.
  CHECK(figures[0].file == "test_accuracy-1.png");
  CHECK(figures[1].file == "progress-1.png");
  CHECK(figures[2].file == "learning_rate-2.png");
  CHECK(figures[2].problem != figures[0].problem);
}

TEST_CASE("what sends no bits of W stands aside of the log axis, what does not count them is named") {
  auto records = test::sweep({"bp", "fa", "own"}, 2);
  for (TrialRecord& record : records) {
    if (record.setting.options.rule != "own") continue;
    for (auto& sample : record.samples) sample.transported_bits.reset();
  }
  const SweepFigure figure = figures_of(records)[2];
  const soap::Chart& bits = figure.figure.charts[1];
  CHECK(bits.series[0].x == std::vector<double>{1000, 1000});
  REQUIRE(bits.x.aside.has_value());
  CHECK(bits.x.aside->name == "none");
  CHECK(bits.x.aside->until < 1000);
  CHECK(bits.series[1].x == std::vector<double>{*bits.x.low, bits.x.aside->until});
  // At the end of training: 0.9 - 1/100 + seed/1000.
  CHECK(bits.series[1].y[0] == Approx(89.15));
  CHECK(bits.series[1].band_low[1] == Approx(89.1));
  CHECK(bits.series[1].band_high[1] == Approx(89.2));
  CHECK_NOTHROW(soap::render(figure.figure));
  CHECK(bits.series[2].x.empty());
  CHECK(figure.figure.note.find("do not count: own.") != std::string::npos);
}

TEST_CASE(
    "means over fewer seeds than the best one's are rings on a dotted line, and the note counts seeds") {
  auto records = test::sweep({"bp", "fa"}, 4);
  // As successive halving leaves them: 0.01 has one seed, 1 has two.
  std::erase_if(records, [](const TrialRecord& record) {
    const double lr = record.setting.options.lr;
    return record.setting.validation > 0 && record.setting.options.seed > (lr == 0.1 ? 4 : lr == 1 ? 2 : 1);
  });
  const auto figures = figures_of(records);
  const SweepFigure& figure = figures[0];
  for (const soap::Chart& chart : figure.figure.charts) {
    REQUIRE(chart.series.size() == 4);
    const soap::Series& sure = chart.series[0];
    CHECK_FALSE(sure.hollow);
    CHECK(std::isnan(sure.y[0]));
    CHECK_FALSE(std::isnan(sure.y[1]));
    CHECK(std::isnan(sure.y[2]));
    CHECK(std::isnan(sure.band_low[2]));
    const soap::Series& unsure = chart.series[2];
    CHECK(unsure.hollow);
    CHECK(unsure.style == soap::SeriesStyle::dots);
    CHECK(unsure.x == std::vector<double>{0.01, 0.1, 1});
  }
  const soap::Series& unsure = figure.figure.charts[0].series[2];
  CHECK(unsure.y[0] == Approx(70.1));
  CHECK(unsure.y[1] == Approx(90.25));
  CHECK(unsure.y[2] == Approx(70.15));
  CHECK(says(figure, "Rings on dotted lines: 1 to 2 seeds in place of 4, so that they are less sure."));
  CHECK(figure.figure.legend.back().hollow);
  CHECK_NOTHROW(soap::render(figure.figure));
  CHECK_FALSE(says(figures_of(test::sweep({"bp", "fa"}, 4))[0], "Rings"));
}

TEST_CASE("between two sure means the line is whole, and only what leads to unsure ones is dotted") {
  std::vector<TrialRecord> records;
  for (const double lr : {0.001, 0.01, 0.1, 1.0, 10.0}) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      if (lr == 1 && seed == 3) continue;
      records.push_back(test::tuned("bp", lr, seed, lr == 0.01 ? 0.9 : 0.5));
    }
  }
  const soap::Chart chart = figures_of(records)[0].figure.charts[0];
  REQUIRE(chart.series.size() == 2);
  CHECK_FALSE(std::isnan(chart.series[0].y[2]));
  CHECK(std::isnan(chart.series[0].y[3]));
  CHECK(chart.series[1].x == std::vector<double>{0.1, 1, 10});
}

TEST_CASE("a method without an interval has a dot without a line, and the note says why") {
  const auto records = test::sweep({"bp", "fa"}, 6);
  auto summary = soap::summarize_sweep({.records = records, .damaged = {}});
  summary.problems[0].methods[1].interval.reset();
  summary.problems[0].methods[1].to_baseline->interval.reset();
  auto figure = soap::sweep_figures(summary, records)[1];
  CHECK(says(figure, "Dots without a line have no interval: fewer than 6 seeds, or runs that diverged."));
  const auto& rows = figure.figure.charts[0].series;  // for each: values, interval, mean
  CHECK(std::isfinite(rows[1].x[0]));
  CHECK(std::isnan(rows[4].x[0]));
  CHECK(rows[5].x[0] == Approx(89.35));
  CHECK_NOTHROW(soap::render(figure.figure));
  summary.problems[0].methods[0].interval.reset();
  figure = soap::sweep_figures(summary, records)[1];
  CHECK(says(figure, "without an interval: fewer than 6 seeds"));
  CHECK_FALSE(says(figure, "95 %"));
}

TEST_CASE("the best of fewer settings is expected over all draws, with the seeds that all settings have") {
  // Means 0.5, 0.7 and 0.9. Of two drawn from three the best is 0.9 in two pairs of three, and once 0.7.
  std::vector<TrialRecord> records;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const double more = seed == 1 ? 0.01 : -0.01;
    records.push_back(test::tuned("bp", 0.01, seed, 0.5 + more));
    records.push_back(test::tuned("bp", 0.1, seed, 0.9 + more));
    records.push_back(test::tuned("bp", 1, seed, 0.7 + more));
  }
  SweepFigure figure = figures_of(records)[2];
  REQUIRE(figure.file == "expected_best.png");
  soap::Series line = figure.figure.charts[0].series[0];
  CHECK(line.x == std::vector<double>{1, 2, 3});
  CHECK(line.y[0] == Approx(70));
  CHECK(line.y[1] == Approx((2 * 90 + 70) / 3.0));
  CHECK(line.y[2] == Approx(90));
  CHECK(says(figure, "mean over 2 seeds; expected"));
  // A third seed of the best alone, as halving has it, does not count.
  records.push_back(test::tuned("bp", 0.1, 3, 0.1));
  figure = figures_of(records)[2];
  CHECK(figure.figure.charts[0].series[0].y[2] == Approx(90));
  CHECK(says(figure, "mean over the 2 seeds that all settings have; expected"));
}

TEST_CASE("a large grid's curve has at most 200 points, from one setting to all") {
  std::vector<TrialRecord> records;
  for (int i = 1; i <= 450; ++i) records.push_back(test::tuned("bp", i, 1, i / 1000.0));
  std::vector<const TrialRecord*> tuning;
  for (const TrialRecord& record : records) tuning.push_back(&record);
  const soap::Series curve = soap::expected_best_curve(tuning, {1});
  REQUIRE(curve.x.size() == 200);
  CHECK(curve.x.front() == 1);
  CHECK(curve.x.back() == 450);
  CHECK(curve.y.front() == Approx(0.2255));
  CHECK(curve.y.back() == Approx(0.45));
}

TEST_CASE(
    "steps to the target are medians, with none where half never got there, and an interval with two ends") {
  std::vector<TrialRecord> records;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    for (const double lr : {0.01, 0.1, 1.0}) {
      TrialRecord record = test::tuned("bp", lr, seed, lr == 0.1 ? 0.9 : 0.5);
      record.steps_to_target = static_cast<std::int64_t>(10 * seed);
      if (lr == 0.01 && seed > 3) record.steps_to_target.reset();
      if (lr == 1 && seed > 6) record = test::diverged(record);
      records.push_back(record);
    }
  }
  const auto curve = soap::rate_curve(first_method(records), tuning_of(records, "bp"));
  CHECK(curve.best == 1);
  CHECK(std::isnan(curve.steps.y[0]));
  CHECK(curve.steps.y[1] == 45);
  CHECK(curve.steps.y[2] == 45);
  // Of 8 the first and the last: a binomial of 1/2 is 0 with 1 of 256, and 0 or 1 with 9 of 256.
  CHECK(curve.steps.band_low[1] == 10);
  CHECK(curve.steps.band_high[1] == 80);
  CHECK(std::isnan(curve.steps.band_high[2]));
  const auto figures = figures_of(records);
  CHECK(figures.back().file == "steps_to_loss.png");
  CHECK(figures.back().figure.charts[0].crossings[0].y == 45);
  CHECK_NOTHROW(soap::render(figures.back().figure));
  for (TrialRecord& record : records) record.steps_to_target.reset();
  CHECK(figures_of(records).back().file == "expected_best.png");
}

TEST_CASE("a report's own pictures are known by their names") {
  for (const char* own : {"learning_rate.png", "progress-2.png", "expected_best-13.png", "steps_to_loss.png"})
    CHECK(soap::is_sweep_figure(own));
  for (const char* other : {"learning_rates.png", "progress-.png", "progress-x.png", "progress.svg",
                            "my_progress.png", "expected_best.png.bak", "test_accuracy"})
    CHECK_FALSE(soap::is_sweep_figure(other));
}

TEST_CASE("pictures name the data by what stands before its numbers") {
  CHECK(soap::data_name_of(
            "hidden 9; Fashion-MNIST, 60000+10000 images, 784 inputs, 10 classes, 0123456789abcdef") ==
        "Fashion-MNIST");
  CHECK(soap::data_name_of("hidden 9; a, b, 6+1 images, 7 inputs, 1 classes, 0123456789abcdef") == "a, b");
  CHECK(soap::problem_note("no hidden layer, tanh; MNIST, 6+1 images, 7 inputs, 1 classes, 0") ==
        "MNIST; no hidden layer, tanh. ");
}
