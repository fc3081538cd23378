#include "soap/report/sweep_verdict.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/report/report_words.hpp"
#include "soap/statistics/looks.hpp"
#include "soap/statistics/power.hpp"
#include "soap/statistics/sign_flip.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::string evidence(const PairedDifference& difference) {
  std::string text = "difference " + points_text(difference.mean) + " points";
  if (difference.interval) text += ", 95 % interval " + points_text(*difference.interval);
  if (difference.p) text += ", p " + p_text(*difference.p);
  if (difference.corrected) text += ", corrected " + p_text(*difference.corrected);
  if (difference.equivalence_p) {
    text += "; no worse by more than the margin: p " + p_text(*difference.not_worse_p) +
            "; equal within it: p " + p_text(*difference.equivalence_p);
  }
  return text + "; " + count_of(difference.pairs, "seed", "seeds");
}

// A pair with the baseline is tested twice. What counts is the comparison with the baseline, which is
// corrected for fewer tests, so that the verdict does not contradict itself.
const PairedDifference& difference_that_counts(const ProblemSummary& problem, const MethodPair& pair) {
  if (problem.baseline == pair.first) return *problem.methods[pair.second].to_baseline;
  if (problem.baseline == pair.second) return *problem.methods[pair.first].to_baseline;
  return pair.difference;
}

std::string winner(const ProblemSummary& problem) {
  std::vector<std::string> beaten;
  std::vector<std::string> open;
  std::vector<std::string> hopeless;
  std::vector<std::string> same;
  // A mean may be the highest because of the seeds that the others lack.
  std::vector<std::string> ahead;
  for (const MethodPair& pair : problem.pairs) {
    if (pair.first != 0) continue;
    const std::string name = code(problem.methods[pair.second].method);
    switch (difference_that_counts(problem, pair).conclusion(problem.level)) {
      case Conclusion::better:
      case Conclusion::worse:
        (pair.difference.mean > 0 ? beaten : ahead).push_back(name);
        break;
      case Conclusion::same_results:
        same.push_back(name);
        break;
      case Conclusion::undecidable:
      case Conclusion::untested:
        hopeless.push_back(name);
        break;
      case Conclusion::equal:
      case Conclusion::not_worse:
      case Conclusion::undecided:
        open.push_back(name);
        break;
    }
  }
  const MethodSummary& best = problem.methods.front();
  std::string text = "The highest mean test accuracy is that of " + code(best.method) + ", " +
                     percent_text(best.accuracy->mean) + " %" +
                     (best.interval ? " (95 % interval " + percent_text(*best.interval) + ")" : "") + ". ";
  const auto are = [](const std::vector<std::string>& names) {
    return list_of(names) + (names.size() == 1 ? " is" : " are");
  };
  if (!ahead.empty()) text += "But seeds are missing: on those that both have, " + are(ahead) + " better. ";
  if (!beaten.empty()) text += "It is better than " + list_of(beaten) + ". ";
  if (!open.empty())
    text += "Whether it is " + std::string(beaten.empty() ? "" : "also ") + "better than " + list_of(open) +
            " is undecided. ";
  if (!hopeless.empty())
    text += "Beside " + list_of(hopeless) + " nothing could have been decided with these seeds. ";
  if (!same.empty()) text += list_of(same) + " gave the same results at every seed. ";
  text.pop_back();
  return text;
}

// When no difference, however large, could have come out as one.
std::string hopeless(const std::vector<const PairedDifference*>& family, const std::string& which) {
  std::size_t tests = 0;
  for (const PairedDifference* difference : family) {
    if (!difference->p) continue;
    if (difference->corrected) return "";
    ++tests;
  }
  if (tests == 0) return "";
  return "With so few seeds " + which +
         " cannot be decided, however large the difference: " + count_of(tests, "test", "tests at once") +
         " would take " + std::to_string(seeds_to_decide(tests)) + " seeds.";
}

std::string against_baseline(const ProblemSummary& problem, const SweepSummary& summary) {
  if (problem.methods.size() < 2) return "";
  const std::string baseline = code(summary.baseline);
  if (!problem.baseline)
    return "There is no " + baseline + " among the methods, so that none is compared with it.\n\n";
  std::string text = "Compared with " + baseline + " on the test set, each at its best:\n\n";
  std::vector<const PairedDifference*> family;
  for (const MethodSummary& method : problem.methods) {
    if (method.method == summary.baseline) continue;
    text += "- " + code(method.method) + " ";
    const auto& difference = method.to_baseline;
    if (!difference) {
      text += "cannot be compared: the two share no judged seed.\n";
      continue;
    }
    family.push_back(&*difference);
    const Conclusion found = difference->conclusion(problem.level);
    if (found == Conclusion::untested) {
      text += "cannot be compared: the two share " + count_of(difference->pairs, "seed", "seeds") + ", and " +
              std::to_string(fewest_seeds) + " are the fewest.\n";
    } else if (found == Conclusion::same_results) {
      text += "**gave the same results** at all " + count_of(difference->pairs, "seed", "seeds") + ".\n";
    } else {
      text += "is **" + conclusion_text(*difference, problem.level, summary.margin) + "** (" +
              evidence(*difference) + ").\n";
    }
  }
  const std::string none = hopeless(family, "these comparisons");
  return text + "\n" + (none.empty() ? "" : none + "\n\n");
}

std::string looks_text(const ProblemSummary& problem) {
  if (problem.looks.empty()) return "";
  const std::string level = p_text(problem.level);
  if (problem.looks.size() == 1) {
    return "Decided is what has a corrected p below " + level + ". The rest of the " + to_text(significance) +
           " that false decisions may take is kept for reports with more seeds.\n\n";
  }
  std::vector<std::string> earlier;
  for (std::size_t i = 0; i + 1 < problem.looks.size(); ++i)
    earlier.push_back(std::to_string(problem.looks[i]));
  return "This is look " + std::to_string(problem.looks.size()) + " at these methods: earlier reports had " +
         list_of(earlier) + " seeds, this one has " + std::to_string(problem.looks.back()) +
         ". Who looks again after each few seeds, until something shows, finds it by chance; so that all "
         "looks "
         "together keep to " +
         to_text(significance) + ", a corrected p must be below " + level + " here.\n\n";
}

std::string one_setting_table(const ProblemSummary& problem, const std::string& baseline,
                              const ChoiceNames& names) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> either;
  for (const MethodSummary& method : problem.methods) {
    // Where both were tried with a single setting, the comparison above has said it all.
    if (!method.one_setting || method.one_setting->shared < 2) continue;
    const OneSettingForBoth& both = *method.one_setting;
    const auto at = [&](double difference, const TrialSetting& setting) {
      return points_text(difference) + " (" + names.name(setting) + ")";
    };
    rows.push_back({code(method.method), points_text(both.at_baselines_best),
                    at(both.lowest, both.lowest_setting), at(both.highest, both.highest_setting),
                    points_text(both.each_at_its_best)});
    if (both.lowest < 0 && both.highest > 0) either.push_back(code(method.method));
  }
  if (rows.empty()) return "";
  const TrialSetting& best = *problem.methods[*problem.baseline].chosen;
  std::string text =
      "What one setting for both would have said, in points of validation accuracy less " + code(baseline) +
      ":\n\n" +
      markdown_table({"method", "both at " + code(baseline) + "'s best (" + names.name(best) + ")",
                      "both where it looks worst", "both where it looks best", "each at its own best"},
                     rows);
  if (either.empty()) return text;
  return text + "Of " + list_of(either) +
         " one setting for both could have said either, better or worse than " + code(baseline) +
         ", by the choice of that setting alone.\n\n";
}

std::string ranking(const ProblemSummary& problem) {
  if (problem.methods.size() < 2) {
    return "There is one method, " + code(problem.methods.front().method) +
           ", and nothing to compare it with.\n\n";
  }
  if (!problem.ranked) {
    return "**No ranking.** The methods share " +
           count_of(problem.common_seeds, "judged seed", "judged seeds") +
           "; to say which is better takes at least " + std::to_string(fewest_seeds) +
           ", and single runs mislead.\n\n";
  }
  std::string text = winner(problem) + "\n\n";
  std::vector<const PairedDifference*> family;
  for (const MethodPair& pair : problem.pairs) family.push_back(&pair.difference);
  const std::string none = hopeless(
      family, problem.baseline
                  ? "the order of the methods other than " + code(problem.methods[*problem.baseline].method)
                  : std::string("the order of all methods"));
  if (!none.empty() && problem.methods.size() > 2) text += none + "\n\n";
  return text;
}

}  // namespace

std::string conclusion_text(const PairedDifference& difference, double level, std::optional<double> margin) {
  const std::string within = margin ? points_text(*margin).substr(1) + " points" : "";
  const bool small = difference.equivalence_p && *difference.equivalence_p < level;
  switch (difference.conclusion(level)) {
    case Conclusion::untested:
      return "not tested";
    case Conclusion::same_results:
      return "the same results";
    case Conclusion::undecidable:
      return "not decidable with these seeds";
    case Conclusion::better:
      return small ? "better, by less than " + within : "better";
    case Conclusion::worse:
      return small ? "worse, by less than " + within : "worse";
    case Conclusion::equal:
      return "equal within " + within;
    case Conclusion::not_worse:
      return "no worse by more than " + within;
    case Conclusion::undecided:
      return "undecided";
  }
  return "";
}

std::size_t seeds_to_decide(std::size_t tests) {
  std::size_t seeds = fewest_seeds;
  // Beyond these signs are drawn, and p gets no smaller.
  const std::size_t most = SignFlipOptions().most_enumerated;
  const auto level = [](std::size_t look) { return look_level(std::array{look}, significance); };
  while (seeds < most && smallest_sign_flip_p(seeds) * static_cast<double>(tests) >= level(seeds)) ++seeds;
  return seeds;
}

std::string verdict(const ProblemSummary& problem, const SweepSummary& summary, const ChoiceNames& names) {
  return ranking(problem) + against_baseline(problem, summary) + looks_text(problem) +
         one_setting_table(problem, summary.baseline, names);
}

std::string planning_table(const ProblemSummary& problem) {
  constexpr std::array asked = {0.001, 0.002, 0.005, 0.01};  // shares of 1
  std::vector<std::vector<std::string>> rows;
  const auto tests = static_cast<double>(
      std::count_if(problem.methods.begin(), problem.methods.end(), [](const MethodSummary& method) {
        return method.to_baseline && method.to_baseline->p && !method.same_as;
      }));
  const double level = problem.level / std::max(tests, 1.0);
  for (const MethodSummary& method : problem.methods) {
    if (!method.to_baseline || !method.to_baseline->p || method.to_baseline->deviation == 0) continue;
    const PairedDifference& difference = *method.to_baseline;
    const auto detectable = detectable_difference(difference.pairs, difference.deviation, level);
    std::vector<std::string> row = {code(method.method), percent_text(difference.deviation),
                                    detectable ? percent_text(*detectable) : "none"};
    for (const double size : asked) {
      const auto seeds = seeds_for(size, difference.deviation, level);
      row.push_back(seeds ? with_thousands(static_cast<std::int64_t>(*seeds)) : "more than a million");
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return "";
  std::vector<std::string> header = {"method", "deviation of the differences, points",
                                     "found with these seeds, points"};
  for (const double size : asked) header.push_back("seeds for " + percent_text(size));
  return markdown_table(header, rows);
}

}  // namespace SOAP_ABI
}  // namespace soap
