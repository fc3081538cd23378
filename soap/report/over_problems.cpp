#include "soap/report/over_problems.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/report/report_words.hpp"
#include "soap/statistics/ranks.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

const MethodSummary* find(const ProblemSummary& problem, const std::string& name) {
  const auto found = std::find_if(problem.methods.begin(), problem.methods.end(),
                                  [&](const MethodSummary& m) { return m.method == name && m.compared(); });
  return found == problem.methods.end() ? nullptr : &*found;
}

std::vector<std::string> shared_methods(const SweepSummary& summary) {
  std::vector<std::string> names;
  for (const MethodSummary& method : summary.problems.front().methods) {
    if (std::all_of(summary.problems.begin(), summary.problems.end(),
                    [&](const ProblemSummary& problem) { return find(problem, method.method) != nullptr; }))
      names.push_back(method.method);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string rank_table(const SweepSummary& summary, const std::vector<std::string>& names,
                       const std::vector<double>& ranks) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; });
  std::vector<std::vector<std::string>> rows;
  for (const std::size_t i : order) {
    std::vector<std::vector<double>> accuracies;
    bool broke_off = false;
    double mean = 0;
    for (const ProblemSummary& problem : summary.problems) {
      const MethodSummary& method = *find(problem, names[i]);
      accuracies.push_back(method.accuracies);
      broke_off = broke_off || method.judging.broke_off() > 0;
      mean += method.accuracy->mean / static_cast<double>(summary.problems.size());
    }
    rows.push_back({code(names[i]), fixed(ranks[i], 2), percent_text(mean),
                    broke_off ? "" : percent_text(stratified_interval(accuracies))});
  }
  return markdown_table({"method", "mean rank", "mean of the problems' means %", "95 % interval"}, rows);
}

}  // namespace

std::string over_problems(const SweepSummary& summary) {
  const std::size_t problems = summary.problems.size();
  if (problems < 2) return "";
  std::string text =
      "## Over all " + std::to_string(problems) +
      " problems\n\nThe decisions above are made for each problem by itself: in each the chance of "
      "any false one is at most " +
      fixed(100 * significance, 0) + " %, and with " + std::to_string(problems) +
      " problems these chances add up to at most " +
      fixed(std::min(100.0, 100 * significance * static_cast<double>(problems)), 0) + " %.\n\n";
  const std::vector<std::string> names = shared_methods(summary);
  if (names.size() < 2) return text;
  std::vector<std::vector<double>> means;
  for (const ProblemSummary& problem : summary.problems) {
    auto& row = means.emplace_back();
    for (const std::string& name : names) row.push_back(find(problem, name)->accuracy->mean);
  }
  const FriedmanTest test = friedman_test(means);
  return text + rank_table(summary, names, mean_ranks(means)) +
         "Rank 1 is the highest mean test accuracy of a problem. That the methods' ranks differ at all has a "
         "p of " +
         p_text(test.f_p) +
         " (Friedman's test, as Iman and Davenport correct it); two of them differ where their "
         "mean ranks are more than " +
         fixed(nemenyi_critical_difference(names.size(), problems), 2) +
         " apart (Nemenyi). These speak of problems like these ones, the intervals of these problems alone, "
         "over "
         "other seeds.\n\n";
}

}  // namespace SOAP_ABI
}  // namespace soap
