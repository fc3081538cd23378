#include "soap/report/sweep_report.hpp"

#include <algorithm>
#include <utility>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/report/over_problems.hpp"
#include "soap/report/report_words.hpp"
#include "soap/report/sweep_cautions.hpp"
#include "soap/report/sweep_tables.hpp"
#include "soap/report/sweep_verdict.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// "1 to 10", "1, 2, 5".
std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  constexpr std::size_t worth_a_range = 3;
  if (seeds.size() >= worth_a_range && seeds.back() - seeds.front() + 1 == seeds.size())
    return std::to_string(seeds.front()) + " to " + std::to_string(seeds.back());
  std::vector<std::string> numbers;
  numbers.reserve(seeds.size());
  for (const std::uint64_t seed : seeds) numbers.push_back(std::to_string(seed));
  return join(numbers, ", ");
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

// What methods at one seed have in common, which their chosen settings may differ in.
std::string shared_text(const ProblemSummary& problem) {
  const auto alike = [&](const auto& part) {
    const TrialOptions* first = nullptr;
    for (const MethodSummary& method : problem.methods) {
      if (!method.chosen) continue;
      if (first == nullptr) first = &method.chosen->options;
      if (part(method.chosen->options) != part(*first)) return false;
    }
    return true;
  };
  const bool weights = alike([](const TrialOptions& options) { return options.initializer; });
  const bool batches =
      alike([](const TrialOptions& options) { return std::pair(options.batch_size, options.batch_sizes); });
  if (weights && batches) return "Methods share initial weights and minibatches at each seed.";
  const std::string order = "All methods see the examples in the same order at each seed";
  if (weights) return order + ", and share initial weights; their batch sizes differ.";
  if (batches) return order + " and in the same minibatches; their initializers differ.";
  return order + "; their initializers and batch sizes differ.";
}

std::string titled(const std::string& level, const std::string& title, const std::string& content) {
  if (content.empty()) return "";
  return level + " " + title + "\n\n" + content;
}

std::string section(const ProblemSummary& problem, const SweepSummary& summary, const ReportParts& parts,
                    const std::string& level) {
  const ChoiceNames names = choice_names(problem);
  std::string text = titled(level, "Verdict", verdict(problem, summary, names));
  if (const std::string warnings = cautions(problem, names); !warnings.empty())
    text += "What speaks against trusting this:\n\n" + warnings + "\n";
  const std::string accuracies = accuracy_table(problem, summary, names);
  text += titled(level, "Test accuracy", accuracies.empty() ? "No judged trials yet.\n\n" : accuracies);
  if (problem.pairs.size() > 1) {
    text +=
        titled(level, "All pairs",
               "Row less column in points of test accuracy; bold: decided, with p corrected for all pairs at "
               "once.\n\n" +
                   pairs_table(problem));
  }
  const std::string planning = planning_table(problem);
  if (!planning.empty()) {
    text +=
        titled(level, "What more seeds would find",
               "Differences that are found four times in five, by the spread of those seen so far, at the "
               "level of this look and with as many comparisons.\n\n" +
                   planning);
  }
  text += titled(level, "What it cost", cost_table(problem, names));
  if (const std::string tuning = tuning_table(problem, names); !tuning.empty())
    text += titled(level, "Tuning", tuning + halving_note(problem));
  if (const auto more = parts.sections.find(problem.name); more != parts.sections.end()) text += more->second;
  text += titled(level, "Pictures", pictures_of(problem, parts.pictures));
  text += titled(level, "What was done", what_was_done(problem, summary, names));
  if (const auto space = parts.search_spaces.find(problem.name); space != parts.search_spaces.end())
    text += titled(level, "What was tried", space->second + "\n");
  return text;
}

std::string damaged_files(const SweepSummary& summary) {
  if (summary.damaged.empty()) return "";
  constexpr std::size_t most_listed = 20;
  std::string text = "## Damaged files\n\nThe same sweep command runs these trials again.\n\n";
  for (std::size_t i = 0; i < std::min(most_listed, summary.damaged.size()); ++i)
    text += "- " + markdown_text(summary.damaged[i]) + "\n";
  if (summary.damaged.size() > most_listed)
    text += "- and " + std::to_string(summary.damaged.size() - most_listed) + " more\n";
  return text + "\n";
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
  return ChoiceNames(settings, markdown_text);
}

std::string what_was_done(const ProblemSummary& problem, const SweepSummary& summary,
                          const ChoiceNames& names) {
  std::string text = "- The problem: " + markdown_text(problem.name) + ".\n";
  if (const std::string common = names.common(); !common.empty())
    text += "- For all alike: " + common + ".\n";
  text += "- Seeds: " + seeds_text(problem.seeds) + ". " + shared_text(problem) + "\n";
  if (problem.validation > 0) {
    text += "- The setting of each method was chosen by the mean accuracy on " +
            with_thousands(problem.validation) +
            " images held out of the training set, drawn from each class; of equal means the lowest learning "
            "rate "
            "was taken. The chosen one was then trained anew on all training images, and the test set read "
            "once, at "
            "the end.\n";
  }
  text +=
      "- ±: standard deviation over seeds. p: paired sign-flip test, two-sided. Intervals: 95 %, all means "
      "that "
      "this test does not reject, so that one leaves out 0 exactly where p is below 0.05. Corrected p: after "
      "Holm, over the tests of its table that could come below the level at all (Tarone); below " +
      p_text(problem.level) + " counts as decided.\n";
  if (summary.margin) {
    text +=
        "- Margin: " + points_text(*summary.margin).substr(1) +
        " points. Two more families of tests, each corrected after Holm: that a method is no worse than " +
        code(summary.baseline) +
        " by more than that, and that the two differ by less (two one-sided tests).\n";
  }
  return text + "- A trial that diverged or failed counts as guessing and is never dropped.\n\n";
}

std::string report_page(const SweepSummary& summary, const ReportParts& parts) {
  std::string text = "# Report of a sweep\n\n" + with_thousands(static_cast<std::int64_t>(summary.results)) +
                     (summary.results == 1 ? " result" : " results");
  if (!summary.damaged.empty())
    text += ", and " + std::to_string(summary.damaged.size()) + " damaged, listed at the end";
  text += ". How to read this: docs/reading_a_report.md.\n\n";
  const bool several = summary.problems.size() > 1;
  for (const ProblemSummary& problem : summary.problems) {
    if (several) text += "## " + markdown_text(problem.name) + "\n\n";
    text += section(problem, summary, parts, several ? "###" : "##");
  }
  text += over_problems(summary) + variance_section(summary.variances) + damaged_files(summary) +
          titled("##", "Provenance", parts.provenance);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace SOAP_ABI
}  // namespace soap
