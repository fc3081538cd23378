#include "soap/report/sweep_search_figure.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "soap/report/sweep_curves.hpp"
#include "soap/report/sweep_figure_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Whether some setting has more seeds than all have.
bool some_have_more(const std::vector<SweepEntry>& entries, const std::set<std::uint64_t>& seeds) {
  return std::any_of(entries.begin(), entries.end(), [&](const SweepEntry& entry) {
    return std::any_of(entry.tuning.begin(), entry.tuning.end(), [&](const TrialRecord* record) {
      return !seeds.contains(record->setting.options.seed);
    });
  });
}

std::string seeds_note(const std::vector<SweepEntry>& entries, const std::set<std::uint64_t>& seeds) {
  const std::string count = std::to_string(seeds.size()) + (seeds.size() == 1 ? " seed" : " seeds");
  if (!some_have_more(entries, seeds)) return "mean over " + count;
  return seeds.size() == 1 ? "with the 1 seed that all settings have, so that luck counts for more"
                           : "mean over the " + count + " that all settings have";
}

}  // namespace

std::optional<Figure> search_figure(const std::vector<SweepEntry>& entries, const std::string& problem) {
  const std::set<std::uint64_t> seeds = common_seeds(entries);
  if (seeds.empty()) return std::nullopt;
  Chart chart{.title = "Best of the settings tried, " + data_name_of(problem),
              .x = {.label = "settings tried, drawn at random", .least_tick_step = 1},
              .y = {.label = "expected best validation accuracy, %"}};
  std::size_t most = 0;
  for (const SweepEntry& entry : entries) {
    Series line = expected_best_curve(entry.tuning, seeds);
    in_percent(line.y);
    constexpr std::size_t most_marks = 20;
    line.marks = line.x.size() <= most_marks;
    most = std::max(most, line.x.size());
    chart.series.push_back(std::move(line));
  }
  if (most < 2) return std::nullopt;
  Figure figure{.legend = shared_legend(entries), .width = 900, .height = height_for(entries.size())};
  figure.note = problem_note(problem) +
                "Of so many of a method's settings, drawn without repetition, the one with the best "
                "validation accuracy, " +
                seeds_note(entries, seeds) +
                "; expected over all draws. A line that still rises says that more tuning might help." +
                same_lines(entries, chart.series) + " " +
                counts_text(entries, &MethodSummary::tuning, "tuning");
  figure.charts.push_back(std::move(chart));
  return figure;
}

}  // namespace SOAP_ABI
}  // namespace soap
