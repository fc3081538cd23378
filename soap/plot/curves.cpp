#include "soap/plot/curves.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/text.hpp"
#include "soap/io/csv.hpp"
#include "soap/plot/seed_average.hpp"
#include "soap/plot/thinning.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

const std::string no_break = "\u00A0";  // a space where a legend must not break its lines

// The runs that one line stands for: they differ only in their seeds.
struct Group {
  const RunCurve* example;
  std::vector<LossCurve> runs;
};

RunLabel label_of(const RunCurve& run) {
  return {.rule = run.rule, .step_kind = run.step_kind, .lr = run.lr, .seed = run.seed};
}

// Takes the losses out of the runs.
std::vector<Group> group_by_rule(std::vector<RunCurve>& runs) {
  std::vector<Group> groups;
  for (RunCurve& run : runs) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& other) {
      return differ_in_seed_only(label_of(*other.example), label_of(run));
    });
    if (group == groups.end()) group = groups.insert(group, {&run, {}});
    group->runs.push_back(std::move(run.train));
  }
  return groups;
}

Series average(const Group& group, std::int64_t window) {
  std::vector<SampledCurve> smooth;
  for (const LossCurve& run : group.runs) {
    LossCurve curve = moving_mean(run, window);
    smooth.push_back({{curve.steps.begin(), curve.steps.end()}, std::move(curve.losses)});
  }
  const Figure figure;
  return thinned(average_over_seeds(smooth), static_cast<std::size_t>(figure.width * figure.scale));
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

std::string legend_text(const Group& group, const std::vector<Group>& groups) {
  std::vector<RunLabel> runs;
  runs.reserve(groups.size());
  for (const Group& other : groups) runs.push_back(label_of(*other.example));
  std::string text = line_name(label_of(*group.example), runs) + ", " + std::to_string(group.runs.size()) +
                     no_break + (group.runs.size() == 1 ? "seed" : "seeds");
  if (const auto early = ended_early(group); early > 0)
    text += " (" + std::to_string(early) + " ended early)";
  return text;
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
  std::vector<RunCurve> runs;
  std::map<RunLabel, std::size_t> positions;
  read_csv_in_parts(path, [&](const CsvTable& table) {
    const RunColumns columns(table);
    const std::size_t step = table.column("step");
    const std::size_t train_loss = table.column("train_loss");
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const auto loss = table.number(row, train_loss);
      if (!loss) continue;
      const RunLabel run = columns.label(row);
      const auto row_step = table.required<std::int64_t>(row, step, "a step");
      const auto [found, fresh] = positions.try_emplace(run, runs.size());
      if (fresh) runs.push_back({run.rule, run.step_kind, run.lr, run.seed, LossCurve{}});
      LossCurve& curve = runs[found->second].train;
      const std::int64_t before = curve.steps.empty() ? 0 : curve.steps.back();
      if (row_step <= before)
        table.fail(row, step, "a step after step " + std::to_string(before) + " of this run");
      curve.steps.push_back(row_step);
      curve.losses.push_back(*loss);
    }
  });
  if (runs.empty()) {
    throw IoError(path.string(), IoError::no_offset, "no row with a train_loss", "training curves");
  }
  return runs;
}

Figure curves_figure(std::vector<RunCurve> runs, const CurvesOptions& options) {
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
    series.label = legend_text(group, groups);
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

}  // namespace SOAP_ABI
}  // namespace soap
