#include "soap/report/sweep_tables.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/report/report_words.hpp"
#include "soap/report/sweep_verdict.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using Row = std::vector<std::string>;

// "10", "9 of 10", "8 of 10, 1 damaged".
std::string found_text(const TrialCounts& counts) {
  std::string text = std::to_string(counts.found);
  if (counts.missing() > 0) text += " of " + std::to_string(counts.expected);
  if (counts.damaged > 0) text += ", " + std::to_string(counts.damaged) + " damaged";
  return text;
}

std::string short_number(std::optional<double> value) {
  if (!value) return "";
  constexpr double thousand = 1000;
  constexpr double many = 100'000;
  if (*value < many) return with_thousands(static_cast<std::int64_t>(*value + 0.5));
  static const char* const names[] = {"thousand", "million", "billion", "trillion", "quadrillion"};
  double scaled = *value / thousand;
  std::size_t i = 0;
  for (; scaled >= thousand && i + 1 < std::size(names); ++i) scaled /= thousand;
  return fixed(scaled, scaled < 10 ? 2 : 1) + ' ' + names[i];
}

std::string failed_text(const TrialCounts& counts) {
  return counts.failed > 0 ? ", " + std::to_string(counts.failed) + " failed" : "";
}

// "0 (at most 26 %)": what so few runs leave open.
std::string diverged_text(const MethodSummary& method) {
  std::string text = std::to_string(method.judging.diverged);
  if (method.diverged_bound) text += " (at most " + fixed(100 * *method.diverged_bound, 0) + " %)";
  return text + failed_text(method.judging);
}

std::string mean_text(const std::optional<MeanAndDeviation>& value, std::size_t count) {
  if (!value) return "";
  return percent_text(value->mean) + (count > 1 ? " ± " + percent_text(value->deviation) : "");
}

// "182 (170 to 201)", "182 (170 to never)", "never", "half never got there".
std::string steps_text(const StepsToTarget& steps) {
  if (steps.trials == 0) return "";
  if (!steps.median) return steps.reached == 0 ? "never" : "half never got there";
  std::string text = short_number(steps.median);
  if (!steps.interval) return text;
  return text + " (" + short_number(steps.interval->low) + " to " +
         (std::isinf(steps.interval->high) ? "never" : short_number(steps.interval->high)) + ")";
}

bool any_broke_off(const ProblemSummary& problem) {
  return std::any_of(problem.methods.begin(), problem.methods.end(),
                     [](const MethodSummary& method) { return method.judging.broke_off() > 0; });
}

}  // namespace

std::string accuracy_table(const ProblemSummary& problem, const SweepSummary& summary,
                           const ChoiceNames& names) {
  if (std::none_of(problem.methods.begin(), problem.methods.end(),
                   [](const MethodSummary& method) { return method.accuracy.has_value(); }))
    return "";
  const bool differences = problem.baseline && problem.methods.size() > 1;
  const bool finished = any_broke_off(problem);
  Row header = {"method", "best setting", "test accuracy %", "95 % interval", "middle half %"};
  if (finished) header.emplace_back("of those that finished %");
  if (differences) {
    header.push_back("less " + code(summary.baseline) + ", points");
    header.insert(header.end(), {"95 % interval", "p", "corrected p"});
    if (summary.margin) header.insert(header.end(), {"p no worse", "p equal"});
    header.insert(header.end(), {"verdict", "beats it"});
  }
  header.insert(header.end(), {"seeds", "diverged"});
  std::vector<Row> rows;
  for (const MethodSummary& method : problem.methods) {
    Row row = {code(method.method), method.chosen ? names.name(*method.chosen) : "several were judged",
               mean_text(method.accuracy, method.accuracies.size()),
               method.interval ? percent_text(*method.interval) : "",
               method.interquartile ? percent_text(*method.interquartile) : ""};
    if (finished)
      row.push_back(mean_text(method.finished, method.judging.found - method.judging.broke_off()));
    if (differences) {
      const auto& found = method.to_baseline;
      const auto p = [&](const std::optional<double> PairedDifference::*member) {
        return found && (*found).*member ? p_text(*((*found).*member)) : std::string();
      };
      row.push_back(found ? points_text(found->mean) : "");
      row.push_back(found && found->interval ? points_text(*found->interval) : "");
      row.insert(row.end(), {p(&PairedDifference::p), p(&PairedDifference::corrected)});
      if (summary.margin)
        row.insert(row.end(), {p(&PairedDifference::not_worse_p), p(&PairedDifference::equivalence_p)});
      row.push_back(found ? conclusion_text(*found, problem.level, summary.margin) : "");
      row.push_back(found && found->improvement ? fixed(100 * *found->improvement, 0) + " %" : "");
    }
    row.push_back(found_text(method.judging));
    row.push_back(diverged_text(method));
    rows.push_back(std::move(row));
  }
  return markdown_table(header, rows);
}

std::string pairs_table(const ProblemSummary& problem) {
  std::size_t size = 0;
  for (const MethodPair& pair : problem.pairs) size = std::max(size, pair.second + 1);
  std::vector<Row> rows;
  Row header = {"method"};
  for (std::size_t i = 0; i < size; ++i) {
    header.push_back(code(problem.methods[i].method));
    Row row(size + 1);
    row.front() = code(problem.methods[i].method);
    rows.push_back(std::move(row));
  }
  for (const MethodPair& pair : problem.pairs) {
    const PairedDifference& difference = pair.difference;
    const auto cell = [&](double mean) {
      if (difference.same) return std::string("same");
      if (!difference.decided(problem.level)) return points_text(mean);
      return std::string("**").append(points_text(mean)).append("**");
    };
    rows[pair.first][pair.second + 1] = cell(difference.mean);
    rows[pair.second][pair.first + 1] = cell(-difference.mean);
  }
  return markdown_table(header, rows);
}

std::string cost_table(const ProblemSummary& problem, const ChoiceNames& names) {
  std::vector<Row> rows;
  for (const MethodSummary& method : problem.methods) {
    if (method.accuracies.empty()) continue;
    rows.push_back({code(method.method), steps_text(method.steps),
                    std::to_string(method.steps.reached) + " of " + std::to_string(method.steps.trials),
                    method.fastest ? names.name(*method.fastest) : "", steps_text(method.fastest_steps),
                    short_number(method.passes),
                    method.transported_bits ? short_number(method.transported_bits) : "not known"});
  }
  if (rows.empty()) return "";
  return markdown_table(
      {"method", "median steps to a training loss of " + to_text(problem.target_loss), "reached it",
       "the fastest setting", "median steps there, tuning trials", "passes of one example", "bits of W sent"},
      rows);
}

std::string tuning_table(const ProblemSummary& problem, const ChoiceNames& names) {
  std::vector<Row> rows;
  for (const MethodSummary& method : problem.methods) {
    if (!method.tuned) continue;
    const auto& stability = method.stability;
    const bool has_second = stability && stability->runner_up;
    rows.push_back({code(method.method), names.name(*method.chosen),
                    percent_text(method.tuned->chosen().accuracy),
                    std::to_string(method.tuned->chosen().trials), edges_text(method.tuned->edges),
                    stability ? fixed(100 * stability->share, 0) + " %" : "",
                    has_second ? names.name(method.tuned->choices[*stability->runner_up].setting) + " (" +
                                     fixed(100 * stability->runner_up_share, 0) + " %)"
                               : "",
                    method.mean_over_rates ? percent_text(*method.mean_over_rates) : "",
                    std::to_string(method.tuned->choices.size()), found_text(method.tuning),
                    std::to_string(method.tuning.diverged) + failed_text(method.tuning)});
  }
  if (rows.empty()) return "";
  return markdown_table({"method", "best setting", "validation %", "seeds", "edge", "chosen again",
                         "next (chosen)", "mean over rates %", "settings", "trials", "diverged"},
                        rows);
}

}  // namespace SOAP_ABI
}  // namespace soap
