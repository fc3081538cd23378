#include "soap/experiment/sweep_report.hpp"

#include <algorithm>
#include <optional>

#include "soap/base/text.hpp"
#include "soap/experiment/choice_names.hpp"
#include "soap/experiment/sweep_verdict.hpp"
#include "soap/io/csv.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Row = std::vector<std::string>;

std::string line(const Row& cells) { return std::string("| ").append(join(cells, " | ")).append(" |\n"); }

std::string markdown_table(const Row& header, const std::vector<Row>& rows) {
  std::string text = line(header) + "|" + "---|";
  for (std::size_t i = 1; i < header.size(); ++i) text += "---:|";
  text += "\n";
  for (const Row& row : rows) text += line(row);
  return text + "\n";
}

std::string code(const std::string& name) { return std::string("`").append(name).append("`"); }

// "10", "9 of 10", "8 of 10, 1 damaged".
std::string found_text(const TrialCounts& counts) {
  std::string text = std::to_string(counts.found);
  if (counts.missing() > 0) text += " of " + std::to_string(counts.expected);
  if (counts.damaged > 0) text += ", " + std::to_string(counts.damaged) + " damaged";
  return text;
}

// "1 to 10", "1, 2, 5".
std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  constexpr std::size_t worth_a_range = 3;
  if (seeds.size() >= worth_a_range && seeds.back() - seeds.front() + 1 == seeds.size())
    return std::to_string(seeds.front()) + " to " + std::to_string(seeds.back());
  Row numbers;
  for (const std::uint64_t seed : seeds) numbers.push_back(std::to_string(seed));
  return join(numbers, ", ");
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

std::string cost_table(const ProblemSummary& problem) {
  std::vector<Row> rows;
  for (const MethodSummary& method : problem.methods) {
    if (method.accuracies.empty()) continue;
    const std::string never = method.reached_target == 0 ? "never" : "half never got there";
    rows.push_back({code(method.method),
                    method.steps_to_target ? short_number(method.steps_to_target) : never,
                    std::to_string(method.reached_target) + " of " + std::to_string(method.judging.found),
                    short_number(method.passes),
                    method.transported_bits ? short_number(method.transported_bits) : "not known"});
  }
  if (rows.empty()) return "";
  return markdown_table({"method", "median steps to a training loss of " + to_text(problem.target_loss),
                         "reached it", "passes of one example", "bits of W sent"},
                        rows);
}

// Row less column in points, bold where decided.
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
    const bool bold = difference.corrected && *difference.corrected < significance;
    const auto cell = [&](double mean) {
      return bold ? std::string("**").append(points_text(mean)).append("**") : points_text(mean);
    };
    rows[pair.first][pair.second + 1] = cell(difference.mean);
    rows[pair.second][pair.first + 1] = cell(-difference.mean);
  }
  return markdown_table(header, rows);
}

std::string tuning_table(const ProblemSummary& problem, const ChoiceNames& names) {
  std::vector<Row> rows;
  for (const MethodSummary& method : problem.methods) {
    if (!method.tuned) continue;
    const bool lower = method.tuned->at_lower_edge;
    const bool upper = method.tuned->at_upper_edge;
    rows.push_back({code(method.method), names.name(*method.chosen),
                    percent_text(method.tuned->chosen().accuracy),
                    lower ? "lowest" : (upper ? "highest" : ""), std::to_string(method.tuned->choices.size()),
                    found_text(method.tuning), std::to_string(method.tuning.diverged)});
  }
  if (rows.empty()) return "";
  return markdown_table({"method", "best setting", "validation %", "edge", "settings", "trials", "diverged"},
                        rows);
}

std::string halving_note(const ProblemSummary& problem) {
  std::size_t found = 0;
  std::size_t expected = 0;
  for (const MethodSummary& method : problem.methods) {
    if (!method.halved) continue;
    found += method.tuning.found;
    expected += method.tuning.expected;
  }
  if (expected == 0) return "";
  return "Successive halving left out the worse half of the settings after each round of seeds: " +
         std::to_string(found) + " of " + std::to_string(expected) + " trials were run, and " +
         fixed(100 * (1 - static_cast<double>(found) / static_cast<double>(expected)), 0) + " % saved.\n\n";
}

std::string pictures_of(const ProblemSummary& problem, const std::vector<ReportPicture>& pictures) {
  std::string text;
  for (const ReportPicture& picture : pictures) {
    if (picture.problem != problem.name) continue;
    text += "![" + picture.caption + "](" + picture.file + ")\n\n" + picture.caption + "\n\n";
  }
  return text;
}

std::string section(const ProblemSummary& problem, const std::string& baseline,
                    const std::vector<ReportPicture>& pictures, const std::string& level) {
  const ChoiceNames names = choice_names(problem);
  std::string text = level + " Verdict\n\n" + verdict(problem, baseline, names);
  if (const std::string warnings = cautions(problem, names); !warnings.empty())
    text += "What speaks against trusting this:\n\n" + warnings + "\n";
  text += level + " Test accuracy\n\n";
  const std::string accuracies = accuracy_table(problem, baseline, names);
  text += accuracies.empty() ? "No judged trials yet.\n\n" : accuracies;
  if (problem.pairs.size() > 1) {
    text +=
        level +
        " All pairs\n\nRow less column in points of test accuracy; bold: decided, with p corrected for all " +
        std::to_string(problem.pairs.size()) + " pairs at once.\n\n" + pairs_table(problem);
  }
  if (const std::string costs = cost_table(problem); !costs.empty())
    text += level + " What it cost\n\n" + costs;
  if (const std::string tuning = tuning_table(problem, names); !tuning.empty())
    text += level + " Tuning\n\n" + tuning + halving_note(problem);
  if (const std::string drawn = pictures_of(problem, pictures); !drawn.empty())
    text += level + " Pictures\n\n" + drawn;
  return text + level + " What was done\n\n" + what_was_done(problem, names);
}

}  // namespace

ChoiceNames choice_names(const ProblemSummary& problem) {
  std::vector<TrialSetting> settings;
  for (const MethodSummary& method : problem.methods) {
    if (method.tuned) {
      for (const Choice& choice : method.tuned->choices) settings.push_back(choice.setting);
    } else if (method.chosen) {
      settings.push_back(*method.chosen);
    }
  }
  return ChoiceNames(settings);
}

std::string what_was_done(const ProblemSummary& problem, const ChoiceNames& names) {
  std::string text = "- The problem: " + problem.name + ".\n";
  if (const std::string common = names.common(); !common.empty())
    text += "- For all alike: " + common + ".\n";
  text += "- Seeds: " + seeds_text(problem.seeds) +
          ". Methods share initial weights and minibatches at each seed.\n";
  if (problem.validation > 0) {
    text += "- The setting of each method was chosen by the mean accuracy on " +
            with_thousands(problem.validation) +
            " images held out of the training set. The chosen one was then trained anew on all training "
            "images, and "
            "the test set read once, at the end.\n";
  }
  return text +
         "- ±: standard deviation over seeds. Intervals: 95 %, bootstrap of the mean over seeds. p: paired "
         "sign-flip test, corrected after Holm for all tests of its table; below " +
         to_text(significance) +
         " counts as decided.\n- A diverged trial counts as guessing and is never dropped.\n\n";
}

std::string accuracy_table(const ProblemSummary& problem, const std::string& baseline,
                           const ChoiceNames& names) {
  const bool differences = problem.baseline && problem.methods.size() > 1;
  std::vector<Row> rows;
  for (const MethodSummary& method : problem.methods) {
    Row row = {code(method.method), method.chosen ? names.name(*method.chosen) : "several were judged"};
    if (method.accuracy) {
      row.push_back(percent_text(method.accuracy->mean) +
                    (method.accuracies.size() > 1 ? " ± " + percent_text(method.accuracy->deviation) : ""));
    } else {
      row.emplace_back();
    }
    row.push_back(method.interval ? percent_text(*method.interval) : "");
    if (differences) {
      const auto& difference = method.to_baseline;
      row.push_back(difference ? points_text(difference->mean) : "");
      row.push_back(difference && difference->interval ? points_text(*difference->interval) : "");
      row.push_back(difference && difference->corrected ? p_text(*difference->corrected) : "");
    }
    row.push_back(found_text(method.judging));
    row.push_back(std::to_string(method.judging.diverged));
    rows.push_back(std::move(row));
  }
  Row header = {"method", "best setting", "test accuracy %", "95 % interval"};
  if (differences) {
    header.push_back("less " + code(baseline) + ", points");
    header.insert(header.end(), {"95 % interval", "corrected p"});
  }
  header.insert(header.end(), {"seeds", "diverged"});
  return markdown_table(header, rows);
}

std::string report_page(const SweepSummary& summary, const std::vector<ReportPicture>& pictures) {
  std::string text = "# Report of a sweep\n\n" + with_thousands(static_cast<std::int64_t>(summary.results)) +
                     (summary.results == 1 ? " result" : " results");
  if (!summary.damaged.empty())
    text += ", and " + std::to_string(summary.damaged.size()) + " damaged, listed at the end";
  text += ". How to read this: docs/reading_a_report.md.\n\n";
  const bool several = summary.problems.size() > 1;
  for (const ProblemSummary& problem : summary.problems) {
    if (several) text += "## " + problem.name + "\n\n";
    text += section(problem, summary.baseline, pictures, several ? "###" : "##");
  }
  if (!summary.damaged.empty()) {
    constexpr std::size_t most_listed = 20;
    text += "## Damaged files\n\nThe same sweep command runs these trials again.\n\n";
    for (std::size_t i = 0; i < std::min(most_listed, summary.damaged.size()); ++i)
      text += "- " + summary.damaged[i] + "\n";
    if (summary.damaged.size() > most_listed)
      text += "- and " + std::to_string(summary.damaged.size() - most_listed) + " more\n";
    text += "\n";
  }
  text.pop_back();
  return text;
}

std::string summary_table(const SweepSummary& summary) {
  const auto number = [](std::optional<double> value) { return value ? to_text(*value) : std::string(); };
  const auto count = [](std::size_t value) { return std::to_string(value); };
  std::string text =
      "problem,method,lr,optimizer,schedule,batch_size,initializer,tuning_trials,tuning_missing,"
      "tuning_diverged,validation_accuracy,edge,judged,missing,damaged,diverged,test_accuracy,test_deviation,"
      "test_low,test_high,difference,difference_low,difference_high,p,corrected_p,median_steps_to_loss,"
      "reached_loss,passes,transported_bits,other_test_readings\n";
  for (const ProblemSummary& problem : summary.problems) {
    for (const MethodSummary& method : problem.methods) {
      Row row = {csv_field(problem.name), csv_field(method.method)};
      if (method.chosen) {
        const TrialOptions& options = method.chosen->options;
        row.insert(row.end(), {to_text(options.lr), csv_field(options.optimizer), csv_field(options.schedule),
                               std::to_string(options.batch_size), csv_field(options.initializer)});
      } else {
        row.resize(row.size() + 5);
      }
      const auto& tuned = method.tuned;
      row.insert(row.end(),
                 {count(method.tuning.found), count(method.tuning.missing()), count(method.tuning.diverged),
                  tuned ? to_text(tuned->chosen().accuracy) : "",
                  !tuned ? "" : (tuned->at_lower_edge ? "lowest" : (tuned->at_upper_edge ? "highest" : ""))});
      row.insert(row.end(), {count(method.judging.found), count(method.judging.missing()),
                             count(method.judging.damaged), count(method.judging.diverged)});
      const auto& accuracy = method.accuracy;
      row.push_back(accuracy ? to_text(accuracy->mean) : "");
      row.push_back(accuracy && method.accuracies.size() > 1 ? to_text(accuracy->deviation) : "");
      row.push_back(method.interval ? to_text(method.interval->low) : "");
      row.push_back(method.interval ? to_text(method.interval->high) : "");
      const PairedDifference none;
      const PairedDifference& difference = method.to_baseline ? *method.to_baseline : none;
      row.push_back(method.to_baseline ? to_text(difference.mean) : "");
      row.push_back(difference.interval ? to_text(difference.interval->low) : "");
      row.push_back(difference.interval ? to_text(difference.interval->high) : "");
      row.insert(row.end(),
                 {number(difference.p), number(difference.corrected), number(method.steps_to_target),
                  count(method.reached_target), number(method.passes), number(method.transported_bits),
                  count(method.other_test_readings)});
      text += join(row, ",") + "\n";
    }
  }
  return text;
}

}  // namespace soap::inline SOAP_ABI
