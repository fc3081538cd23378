#include "soap/experiment/sweep_figures.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/experiment/sweep_curves.hpp"

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
  CHECK(curve.diverged == std::vector<std::size_t>{0, 0, 2});
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
    REQUIRE(figures.size() == 3);
    CHECK(figures[0].file == "learning_rate.png");
    CHECK(figures[1].file == "test_accuracy.png");
    CHECK(figures[2].file == "progress.png");
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
    for (const SweepFigure& figure : figures) CHECK(soap::render(figure.figure).width > 0);
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
  CHECK(figure.figure.note.find("95 %") != std::string::npos);
  CHECK(figures_of(test::sweep({"bp", "fa"}, 2))[1].figure.note.find("too few of them for intervals") !=
        std::string::npos);
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
  CHECK(figures[0].file == "test_accuracy-1.png");
  CHECK(figures[2].file == "learning_rate-2.png");
  CHECK(figures[2].problem != figures[0].problem);
}

TEST_CASE("what sends no bits of W stands aside of the log axis, what does not count them is named") {
  auto records = test::sweep({"bp", "fa", "own"}, 2);
  for (TrialRecord& record : records) {
    if (record.setting.options.rule != "own") continue;
    for (auto& sample : record.samples) sample.transported_bits.reset();
  }
  const SweepFigure figure = figures_of(records).back();
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
