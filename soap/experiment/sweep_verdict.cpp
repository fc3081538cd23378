#include "soap/experiment/sweep_verdict.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/experiment/paired_test.hpp"

namespace soap::inline SOAP_ABI {

namespace {

std::string code(const std::string& name) { return std::string("`").append(name).append("`"); }

std::string count_of(std::size_t count, const std::string& one, const std::string& several) {
  return std::to_string(count) + ' ' + (count == 1 ? one : several);
}

// "a", "a and b", "a, b and c".
std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

bool decided(const PairedDifference& difference) {
  return difference.corrected && *difference.corrected < significance;
}

std::string evidence(const PairedDifference& difference) {
  std::string text = "difference " + points_text(difference.mean) + " points";
  if (difference.interval) text += ", 95 % interval " + points_text(*difference.interval);
  if (difference.corrected) text += ", corrected p " + p_text(*difference.corrected);
  return text + ", " + count_of(difference.pairs, "seed", "seeds");
}

// Diverged trials, all of which count as guessing, do not make two methods the same.
bool same_results(const MethodSummary& a, const MethodSummary& b) {
  return a.accuracies.size() >= 2 && a.seeds == b.seeds && a.accuracies == b.accuracies &&
         a.judging.diverged < a.judging.found;
}

// A pair with the baseline is tested twice. What counts is the comparison with the baseline, which is
// corrected for fewer tests, so that the verdict does not contradict itself.
bool decided(const ProblemSummary& problem, const MethodPair& pair) {
  if (problem.baseline == pair.first) return decided(*problem.methods[pair.second].to_baseline);
  if (problem.baseline == pair.second) return decided(*problem.methods[pair.first].to_baseline);
  return decided(pair.difference);
}

std::string winner(const ProblemSummary& problem) {
  std::vector<std::string> beaten;
  std::vector<std::string> open;
  // A mean may be the highest because of the seeds that the others lack.
  std::vector<std::string> ahead;
  for (const MethodPair& pair : problem.pairs) {
    if (pair.first != 0) continue;
    auto& names = !decided(problem, pair) ? open : (pair.difference.mean > 0 ? beaten : ahead);
    names.push_back(code(problem.methods[pair.second].method));
  }
  const MethodSummary& best = problem.methods.front();
  std::string text = "The highest mean test accuracy is that of " + code(best.method) + ", " +
                     percent_text(best.accuracy->mean) + " % (95 % interval " + percent_text(*best.interval) +
                     "). ";
  if (!ahead.empty()) {
    text += "But seeds are missing: on those that both have, " + list_of(ahead) +
            (ahead.size() == 1 ? " is" : " are") + " better. ";
  }
  if (beaten.empty() && open.empty()) return text;
  if (beaten.empty())
    return text + "It beats none of the others beyond doubt: " + list_of(open) + " may be as good.";
  text += "It beats " + list_of(beaten);
  return text + (open.empty() ? "." : "; whether it also beats " + list_of(open) + " is undecided.");
}

// When no difference, however large, could have come out as one.
std::string hopeless(const std::vector<const PairedDifference*>& family, const std::string& which) {
  double smallest = 1;
  std::size_t tests = 0;
  for (const PairedDifference* difference : family) {
    if (!difference->corrected) continue;
    ++tests;
    smallest = std::min(smallest, smallest_sign_flip_p(difference->pairs));
  }
  if (tests == 0 || smallest * static_cast<double>(tests) < significance) return "";
  return "With so few seeds " + which +
         " cannot be decided, however large the difference: " + count_of(tests, "test", "tests at once") +
         " would take " + std::to_string(seeds_to_decide(tests)) + " seeds.";
}

std::string against_baseline(const ProblemSummary& problem, const std::string& baseline) {
  if (problem.methods.size() < 2) return "";
  if (!problem.baseline)
    return "There is no " + code(baseline) + " among the methods, so that none is compared with it.\n\n";
  std::string text = "Compared with " + code(baseline) + " on the test set, each at its best:\n\n";
  std::vector<const PairedDifference*> family;
  for (const MethodSummary& method : problem.methods) {
    if (method.method == baseline) continue;
    text += "- " + code(method.method) + " ";
    const auto& difference = method.to_baseline;
    if (!difference) {
      text += "cannot be compared: the two share no judged seed.\n";
      continue;
    }
    family.push_back(&*difference);
    if (!difference->corrected) {
      text += "cannot be compared: the two share " + count_of(difference->pairs, "seed", "seeds") + ", and " +
              std::to_string(fewest_seeds) + " are the fewest.\n";
    } else if (decided(*difference)) {
      text += std::string("is **") + (difference->mean > 0 ? "better" : "worse") + "** (" +
              evidence(*difference) + ").\n";
    } else {
      text += "is **undecided** (" + evidence(*difference) + ").\n";
    }
  }
  const std::string none = hopeless(family, "these comparisons");
  return text + "\n" + (none.empty() ? "" : none + "\n\n");
}

std::string one_setting_table(const ProblemSummary& problem, const std::string& baseline,
                              const ChoiceNames& names) {
  std::string rows;
  std::vector<std::string> either;
  for (const MethodSummary& method : problem.methods) {
    // Where both were tried with a single setting, the comparison above has said it all.
    if (!method.one_setting || method.one_setting->shared < 2) continue;
    const OneSettingForBoth& both = *method.one_setting;
    const auto at = [&](double difference, const TrialSetting& setting) {
      return points_text(difference) + " (" + names.name(setting) + ")";
    };
    rows += "| " + code(method.method) + " | " + points_text(both.at_baselines_best) + " | " +
            at(both.lowest, both.lowest_setting) + " | " + at(both.highest, both.highest_setting) + " | " +
            points_text(both.each_at_its_best) + " |\n";
    if (both.lowest < 0 && both.highest > 0) either.push_back(code(method.method));
  }
  if (rows.empty()) return rows;
  const TrialSetting& best = *problem.methods[*problem.baseline].chosen;
  std::string text = "What one setting for both would have said, in points of validation accuracy less " +
                     code(baseline) + ":\n\n| method | both at " + code(baseline) + "'s best (" +
                     names.name(best) +
                     ") | both where it looks worst | both where it looks best | each at its own best |\n"
                     "|---|---:|---:|---:|---:|\n" +
                     rows + "\n";
  if (either.empty()) return text;
  return text + "Of " + list_of(either) +
         " one setting for both could have said either, better or worse than " + code(baseline) +
         ", by the choice of that setting alone.\n\n";
}

}  // namespace

std::string percent_text(double share) { return fixed(100 * share, 2); }

std::string points_text(double difference) {
  const std::string text = fixed(100 * difference, 2);
  if (text == "-0.00" || text == "0.00") return "0.00";
  return difference > 0 ? std::string("+").append(text) : text;
}

std::string p_text(double p) {
  constexpr double least = 0.0001;
  return p < least ? "< 0.0001" : fixed(p, 4);
}

std::string percent_text(const Interval& interval) {
  return percent_text(interval.low) + " to " + percent_text(interval.high);
}

std::string points_text(const Interval& interval) {
  return points_text(interval.low) + " to " + points_text(interval.high);
}

std::size_t seeds_to_decide(std::size_t tests) {
  std::size_t seeds = fewest_seeds;
  // Beyond these signs are drawn, and p gets no smaller.
  const std::size_t most = SignFlipOptions().most_enumerated;
  while (seeds < most && smallest_sign_flip_p(seeds) * static_cast<double>(tests) >= significance) ++seeds;
  return seeds;
}

std::string verdict(const ProblemSummary& problem, const std::string& baseline, const ChoiceNames& names) {
  std::string text;
  if (problem.methods.size() < 2) {
    text += "There is one method, " + code(problem.methods.front().method) +
            ", and nothing to compare it with.\n\n";
  } else if (!problem.ranked) {
    text += "**No ranking.** The methods share " +
            count_of(problem.common_seeds, "judged seed", "judged seeds") +
            "; to say which is better takes at least " + std::to_string(fewest_seeds) +
            ", and single runs mislead.\n\n";
  } else {
    text += winner(problem) + "\n\n";
    std::vector<const PairedDifference*> family;
    for (const MethodPair& pair : problem.pairs) family.push_back(&pair.difference);
    const std::string none =
        hopeless(family, problem.baseline ? "the order of the methods other than " + code(baseline)
                                          : std::string("the order of all methods"));
    if (!none.empty() && problem.methods.size() > 2) text += none + "\n\n";
  }
  return text + against_baseline(problem, baseline) + one_setting_table(problem, baseline, names);
}

std::string cautions(const ProblemSummary& problem, const ChoiceNames& names) {
  std::string text;
  std::set<std::size_t> budgets;
  for (const MethodSummary& method : problem.methods) {
    const std::string name = code(method.method);
    if (method.tuned) budgets.insert(method.tuning.found);
    if (method.tuned && (method.tuned->at_lower_edge || method.tuned->at_upper_edge)) {
      text += "- The best learning rate of " + name + ", " + names.name(*method.chosen) + ", is the " +
              (method.tuned->at_lower_edge ? "lowest" : "highest") +
              " that was tried: a better one may lie beyond (`--extend` widens the grid).\n";
    }
    if (method.judging.missing() > 0) {
      text += "- Of " + name + "'s " + std::to_string(method.judging.expected) + " judging trials " +
              std::to_string(method.judging.missing()) +
              (method.judging.missing() == 1 ? " is missing" : " are missing") +
              (method.judging.damaged > 0
                   ? ", " + count_of(method.judging.damaged, "file of which is", "files of which are") +
                         " damaged"
                   : std::string()) +
              ".\n";
    }
    if (method.tuning.missing() > 0 && !method.halved) {
      text += "- Of " + name + "'s " + std::to_string(method.tuning.expected) + " tuning trials " +
              std::to_string(method.tuning.missing()) +
              (method.tuning.missing() == 1 ? " is missing" : " are missing") + ".\n";
    }
    if (method.judging.diverged > 0) {
      text += "- " + count_of(method.judging.diverged, "judging trial", "judging trials") + " of " + name +
              " diverged, and " + (method.judging.diverged == 1 ? "counts" : "count") + " as guessing.\n";
    }
    if (method.other_test_readings > 0) {
      text += "- The test set was also read in " + count_of(method.other_test_readings, "trial", "trials") +
              " of " + name +
              " with other settings than the one that validation chose; they do not count here.\n";
    }
  }
  for (std::size_t i = 0; i < problem.methods.size(); ++i) {
    for (std::size_t j = i + 1; j < problem.methods.size(); ++j) {
      if (!same_results(problem.methods[i], problem.methods[j])) continue;
      text +=
          "- " + code(problem.methods[i].method) + " and " + code(problem.methods[j].method) +
          " gave the same accuracies with every seed: in this network, and for so long, they seem to be the "
          "same rule.\n";
    }
  }
  if (budgets.size() > 1) {
    text += "- The methods were tuned with different numbers of trials, from " +
            std::to_string(*budgets.begin()) + " to " + std::to_string(*budgets.rbegin()) +
            ": the comparison is not equal.\n";
  }
  if (problem.passed_over > 0) {
    text += "- " + count_of(problem.passed_over, "result was", "results were") +
            " passed over: other validation images, evaluations or target loss than the rest.\n";
  }
  return text;
}

}  // namespace soap::inline SOAP_ABI
