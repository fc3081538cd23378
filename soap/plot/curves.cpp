#include "soap/plot/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <tuple>

#include "soap/base/error.hpp"
#include "soap/base/text.hpp"
#include "soap/io/csv.hpp"

namespace soap::inline SOAP_ABI {

namespace {

const std::string no_break = "\u00A0";  // a space where a legend must not break its lines
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

template <class Number>
Number required(const CsvTable& table, std::size_t row, std::size_t column, const std::string& expected) {
  const auto value = table.number<Number>(row, column);
  if (!value) table.fail(row, column, expected);
  return *value;
}

// The runs that one line stands for: they differ only in their seeds.
struct Group {
  const RunCurve* example;
  std::vector<LossCurve> runs;
};

std::vector<Group> group_by_rule(const std::vector<RunCurve>& runs) {
  std::vector<Group> groups;
  for (const RunCurve& run : runs) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& other) {
      return other.example->rule == run.rule && other.example->step_kind == run.step_kind &&
             other.example->lr == run.lr;
    });
    if (group == groups.end()) group = groups.insert(group, {&run, {}});
    group->runs.push_back(run.train);
  }
  return groups;
}

// Follows one curve through ascending steps.
class Walker {
 public:
  explicit Walker(LossCurve curve) : curve_(std::move(curve)) {}

  // NaN before the first row and after the last; between rows, on the straight line.
  double at(std::int64_t step) {
    while (row_ < curve_.steps.size() && curve_.steps[row_] < step) ++row_;
    if (row_ == curve_.steps.size()) return nothing;
    if (curve_.steps[row_] == step) return curve_.losses[row_];
    if (row_ == 0) return nothing;
    const auto before = static_cast<double>(curve_.steps[row_ - 1]);
    const double share =
        (static_cast<double>(step) - before) / (static_cast<double>(curve_.steps[row_]) - before);
    return curve_.losses[row_ - 1] + share * (curve_.losses[row_] - curve_.losses[row_ - 1]);
  }

 private:
  LossCurve curve_;
  std::size_t row_ = 0;
};

Series average(const Group& group, std::int64_t window) {
  Series series;
  std::vector<std::int64_t> steps;
  std::vector<Walker> walkers;
  for (const LossCurve& run : group.runs) {
    steps.insert(steps.end(), run.steps.begin(), run.steps.end());
    walkers.emplace_back(moving_mean(run, window));
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  const bool band = group.runs.size() > 1;
  for (const std::int64_t step : steps) {
    double sum = 0;
    int count = 0;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (Walker& walker : walkers) {
      const double loss = walker.at(step);
      if (!std::isfinite(loss)) continue;  // before the run's start, after its end, or diverged
      sum += loss;
      ++count;
      low = std::min(low, loss);
      high = std::max(high, loss);
    }
    series.x.push_back(static_cast<double>(step));
    series.y.push_back(count > 0 ? sum / count : nothing);
    if (band) series.band_low.push_back(count > 0 ? low : nothing);
    if (band) series.band_high.push_back(count > 0 ? high : nothing);
  }
  return series;
}

std::int64_t last_finite_step(const LossCurve& curve) {
  for (std::size_t i = curve.steps.size(); i-- > 0;) {
    if (std::isfinite(curve.losses[i])) return curve.steps[i];
  }
  return 0;
}

// The average goes on without a run that ended early, so the reader has to be told.
std::int64_t ended_early(const Group& group) {
  std::vector<std::int64_t> ends;
  for (const LossCurve& run : group.runs) ends.push_back(last_finite_step(run));
  return std::count_if(ends.begin(), ends.end(),
                       [&](std::int64_t end) { return end < *std::max_element(ends.begin(), ends.end()); });
}

bool all_alike(const std::vector<Group>& groups, auto property) {
  return std::all_of(groups.begin(), groups.end(), [&](const Group& group) {
    return property(*group.example) == property(*groups.front().example);
  });
}

std::string label_of(const Group& group, const std::vector<Group>& groups) {
  const RunCurve& run = *group.example;
  std::string label = run.rule;
  if (!all_alike(groups, [](const RunCurve& r) { return r.step_kind; })) label += ", " + run.step_kind;
  if (!all_alike(groups, [](const RunCurve& r) { return r.lr; })) label += ", lr " + to_text(run.lr);
  label += ", " + std::to_string(group.runs.size()) + no_break + (group.runs.size() == 1 ? "seed" : "seeds");
  if (const auto early = ended_early(group); early > 0)
    label += " (" + std::to_string(early) + " ended early)";
  return label;
}

std::string note_on(const Chart& chart, bool several_seeds, const CurvesOptions& options) {
  std::string note = "Lines: moving mean over " + std::to_string(options.smoothing_window) + " steps";
  if (several_seeds) note += ", averaged over seeds. Bands: lowest to highest seed";
  if (!chart.crossings.empty()) {
    note += ". Marks: steps until the mean of the last " + std::to_string(options.crossing_window) +
            " steps is below " + to_text(options.target_loss);
    if (several_seeds) note += ", median over seeds";
  }
  return note + ".";
}

}  // namespace

std::vector<RunCurve> read_curves(const std::filesystem::path& path) {
  const CsvTable table = read_csv(path);
  const std::size_t rule = table.column("rule");
  const std::size_t step_kind = table.column("step_kind");
  const std::size_t lr = table.column("lr");
  const std::size_t seed = table.column("seed");
  const std::size_t step = table.column("step");
  const std::size_t train_loss = table.column("train_loss");

  std::vector<RunCurve> runs;
  std::map<std::tuple<std::string_view, std::string_view, double, std::uint64_t>, std::size_t> positions;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto loss = table.number(row, train_loss);
    if (!loss) continue;
    const auto row_lr = required<double>(table, row, lr, "a learning rate");
    if (!std::isfinite(row_lr)) table.fail(row, lr, "a finite number");
    const auto row_seed = required<std::uint64_t>(table, row, seed, "a seed");
    const auto row_step = required<std::int64_t>(table, row, step, "a step");
    const auto [found, fresh] = positions.try_emplace(
        {table.text(row, rule), table.text(row, step_kind), row_lr, row_seed}, runs.size());
    if (fresh) {
      runs.push_back({std::string(table.text(row, rule)), std::string(table.text(row, step_kind)), row_lr,
                      row_seed, LossCurve{}});
    }
    LossCurve& curve = runs[found->second].train;
    const std::int64_t before = curve.steps.empty() ? 0 : curve.steps.back();
    if (row_step <= before)
      table.fail(row, step, "a step after step " + std::to_string(before) + " of this run");
    curve.steps.push_back(row_step);
    curve.losses.push_back(*loss);
  }
  if (runs.empty()) {
    throw IoError(path.string(), IoError::no_offset, "no row with a train_loss", "training curves");
  }
  return runs;
}

Figure curves_figure(const std::vector<RunCurve>& runs, const CurvesOptions& options) {
  if (!(options.target_loss > 0 && std::isfinite(options.target_loss))) {
    throw std::invalid_argument("curves: the target loss is " + to_text(options.target_loss) +
                                ", expected a positive number");
  }
  const std::vector<Group> groups = group_by_rule(runs);
  const std::string target = to_text(options.target_loss);
  Chart chart{.title = options.title,
              .x = {.label = "step", .low = 0, .least_tick_step = 1},
              .y = {.label = "training loss", .scale = AxisScale::log},
              .reference_lines = {{.y = options.target_loss, .label = "loss " + target}}};
  bool several_seeds = false;
  for (const Group& group : groups) {
    Series series = average(group, options.smoothing_window);
    series.label = label_of(group, groups);
    several_seeds = several_seeds || group.runs.size() > 1;
    const StepsToLoss steps = median_steps_to_loss(group.runs, options.target_loss, options.crossing_window);
    if (steps.median) {
      chart.crossings.push_back({.x = *steps.median,
                                 .y = options.target_loss,
                                 .label = to_text(steps),
                                 .series = chart.series.size()});
    } else {
      series.label +=
          ": " + target + no_break +
          (steps.reached == 0 ? "never" + no_break + "reached"
                              : "reached" + no_break + "by" + no_break + std::to_string(steps.reached));
    }
    chart.series.push_back(std::move(series));
  }
  chart.note = note_on(chart, several_seeds, options);
  Figure figure;
  figure.charts.push_back(std::move(chart));
  return figure;
}

}  // namespace soap::inline SOAP_ABI
