#include "soap/report/sweep_cautions.hpp"

#include <map>
#include <set>
#include <vector>

#include "soap/report/report_words.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::string edges(const MethodSummary& method, const ChoiceNames& names) {
  if (!method.tuned || method.tuned->edges.empty()) return "";
  return "- The best setting of " + code(method.method) + ", " + names.name(*method.chosen) +
         ", lies at the edge of what was tried: " + edges_text(method.tuned->edges) +
         ". A better one may lie beyond.\n";
}

std::string missing(const std::string& name, const TrialCounts& counts, const std::string& kind) {
  if (counts.missing() == 0) return "";
  std::string text = "- Of " + name + "'s " + std::to_string(counts.expected) + " " + kind + " trials " +
                     std::to_string(counts.missing()) + (counts.missing() == 1 ? " is" : " are") + " missing";
  if (counts.damaged > 0)
    text += ", " + count_of(counts.damaged, "file of which is", "files of which are") + " damaged";
  return text + ".\n";
}

std::string diverged(const MethodSummary& method) {
  const std::size_t count = method.judging.diverged;
  if (count == 0) return "";
  return "- " + count_of(count, "judging trial", "judging trials") + " of " + code(method.method) +
         " diverged, and " + (count == 1 ? "counts" : "count") +
         " as guessing. No interval of its mean is given: so few trials do not tell how often it diverges.\n";
}

std::string failed(const MethodSummary& method) {
  const std::size_t count = method.tuning.failed + method.judging.failed;
  if (count == 0) return "";
  return "- " + count_of(count, "trial", "trials") + " of " + code(method.method) + " failed, and " +
         (count == 1 ? "counts" : "count") + " as guessing: " + method.failure + ".\n";
}

std::string unstable(const MethodSummary& method, const ChoiceNames& names) {
  constexpr double half = 0.5;
  if (!method.stability || method.stability->share >= half) return "";
  return "- The choice of " + names.name(*method.chosen) + " for " + code(method.method) +
         " hangs on these seeds: others would mostly have chosen otherwise.\n";
}

std::string same_rules(const ProblemSummary& problem) {
  std::map<std::string, std::vector<std::string>> groups;
  for (const MethodSummary& method : problem.methods) {
    // Where all broke off, nothing is known of what they did.
    if (method.same_as && method.judging.broke_off() < method.judging.found)
      groups[*method.same_as].push_back(code(method.method));
  }
  std::string text;
  for (auto& [first, others] : groups) {
    others.insert(others.begin(), code(first));
    text +=
        "- " + list_of(others) +
        " gave the same accuracies with every seed: in this network, and for so long, they seem to be the "
        "same rule. They are tested as one.\n";
  }
  return text;
}

}  // namespace

std::string cautions(const ProblemSummary& problem, const ChoiceNames& names) {
  std::string text;
  std::set<std::size_t> budgets;
  for (const MethodSummary& method : problem.methods) {
    if (method.tuned) budgets.insert(method.tuning.found);
    text += edges(method, names) + missing(code(method.method), method.judging, "judging");
    if (!method.halved) text += missing(code(method.method), method.tuning, "tuning");
    text += diverged(method) + failed(method) + unstable(method, names);
    if (method.accuracies.empty() && method.other_test_readings > 0) {
      text += "- The test set was read in " + count_of(method.other_test_readings, "trial", "trials") +
              " of " + code(method.method) +
              ", and never with the setting that validation chooses from all results here: a sweep with all "
              "these settings would judge it.\n";
    } else if (method.other_test_readings > 0) {
      text += "- The test set was also read in " + count_of(method.other_test_readings, "trial", "trials") +
              " of " + code(method.method) +
              " with other settings than the one that validation chose; they do not count here.\n";
    }
  }
  text += same_rules(problem);
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

}  // namespace SOAP_ABI
}  // namespace soap
