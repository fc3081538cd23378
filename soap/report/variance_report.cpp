// What a report says of the sources of variance.
#include <algorithm>
#include <map>
#include <utility>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/io/csv.hpp"
#include "soap/report/report_words.hpp"
#include "soap/report/variance_sources.hpp"
#include "soap/sweep/choice_names.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using Row = std::vector<std::string>;

constexpr const char* explanation =
    "Judging trials were run again with another seed for one source of chance alone, and the others as they "
    "were. The deviation that a source makes alone is the root of half the mean squared difference in such "
    "pairs; that of all together is the standard deviation of the judging trials. Intervals: 95 %, "
    "chi-square, which takes the accuracies to be normal. The share is the variance from one source against "
    "that of all together, and less certain than either. The remainder, 100 % less the shares, is below zero "
    "where sources interact, because chance that takes two of them counts with each.\n\n";

std::string name_of(ChanceSource source) {
  switch (source) {
    case ChanceSource::init:
      return "initial weights";
    case ChanceSource::order:
      return "order of examples";
    case ChanceSource::feedback:
      return "feedback";
  }
  return "";
}

std::string counts(std::size_t trials, std::size_t broke_off) {
  return std::to_string(trials) + (broke_off > 0 ? ", " + std::to_string(broke_off) + " broke off" : "");
}

std::string percent_of(std::optional<double> share) { return share ? fixed(100 * *share, 0) : ""; }

std::string interval_text(const std::optional<Interval>& interval) {
  return interval ? percent_text(*interval) : "";
}

std::string rows_of(const MethodVariance& variance, const ChoiceNames& names) {
  std::string text = table_line({code(method_of(variance.setting)), names.name(variance.setting),
                                 "all together", counts(variance.trials, variance.broke_off),
                                 variance.deviation ? percent_text(*variance.deviation) : "",
                                 interval_text(variance.interval), variance.interval ? "100" : ""});
  for (const SourceVariance& source : variance.sources) {
    text += table_line({"", "", name_of(source.source), counts(source.pairs, source.broke_off),
                        percent_text(source.deviation), interval_text(source.interval),
                        percent_of(source.share)});
  }
  const auto rest = variance.remainder();
  return rest ? text + table_line({"", "", "remainder", "", "", "", percent_of(rest)}) : text;
}

std::string table_of(const std::vector<MethodVariance>& variances) {
  std::vector<TrialSetting> settings;
  settings.reserve(variances.size());
  for (const MethodVariance& variance : variances) settings.push_back(variance.setting);
  const ChoiceNames names(settings, markdown_text);
  std::string text = table_line({"method", "setting", "what differs", "trials", "deviation, points",
                                 "95 % interval", "share %"}) +
                     "|---|---|---|---:|---:|---:|---:|\n";
  for (const MethodVariance& variance : variances) text += rows_of(variance, names);
  return text + "\n";
}

}  // namespace

std::string variance_section(const std::vector<MethodVariance>& variances) {
  if (variances.empty()) return "";
  std::map<std::string, std::vector<MethodVariance>> problems;
  for (const MethodVariance& variance : variances) problems[problem_of(variance.setting)].push_back(variance);
  std::string text = std::string("## Where the variance comes from\n\n").append(explanation);
  for (const auto& [problem, own] : problems) {
    if (problems.size() > 1) text += "### " + markdown_text(problem) + "\n\n";
    text += table_of(own);
  }
  return text;
}

std::string variance_table(const std::vector<MethodVariance>& variances) {
  std::string text = "problem,method," + join(setting_columns(trial_settings, chosen_roles), ",") +
                     ",source,trials,diverged,deviation,low,high,share\n";
  for (const MethodVariance& variance : variances) {
    Row cells = {problem_of(variance.setting), method_of(variance.setting)};
    for (std::string& cell : setting_cells(trial_settings, chosen_roles, variance.setting.options))
      cells.push_back(std::move(cell));
    std::transform(cells.begin(), cells.end(), cells.begin(), csv_text);
    const std::string setting = join(cells, ",");
    const auto add = [&](const std::string& source, std::size_t trials, std::size_t broke_off,
                         std::optional<double> deviation, const std::optional<Interval>& interval,
                         std::optional<double> share) {
      text += join(Row{setting, source, std::to_string(trials), std::to_string(broke_off),
                       csv_number(deviation), interval ? to_text(interval->low) : "",
                       interval ? to_text(interval->high) : "", csv_number(share)},
                   ",") +
              "\n";
    };
    add("all", variance.trials, variance.broke_off, variance.deviation, variance.interval,
        variance.interval ? std::optional(1.0) : std::nullopt);
    for (const SourceVariance& source : variance.sources) {
      add(to_text(source.source), source.pairs, source.broke_off, source.deviation, source.interval,
          source.share);
    }
  }
  return text;
}

}  // namespace SOAP_ABI
}  // namespace soap
