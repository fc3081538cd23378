#include "soap/report/method_comparison.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "soap/report/method_summary.hpp"
#include "soap/statistics/equivalence.hpp"
#include "soap/statistics/family.hpp"
#include "soap/statistics/improvement.hpp"
#include "soap/statistics/sign_flip.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Without a test and an interval, which cost far more than all else here.
PairedDifference mean_difference(const std::vector<double>& values) {
  PairedDifference result;
  result.pairs = values.size();
  if (values.empty()) return result;
  const MeanAndDeviation found = mean_and_deviation(values);
  result.mean = found.mean;
  result.deviation = found.deviation;
  return result;
}

PairedDifference tested_difference(const BySeed& first, const BySeed& second) {
  const std::vector<double> values = differences(first, second);
  PairedDifference result = mean_difference(values);
  result.same = same_results(first, second);
  if (values.size() >= fewest_seeds && !result.same) {
    result.p = sign_flip_test(values);
    result.smallest_p = smallest_sign_flip_p(values);
  }
  return result;
}

// One question about several methods. Of methods with the same results only one is asked, and the others get
// its answer.
struct Family {
  std::vector<PairedDifference*> asked;
  std::vector<std::pair<PairedDifference*, const PairedDifference*>> copies;
};

void correct(const Family& family, double level) {
  std::vector<double> p;
  std::vector<double> smallest;
  for (const PairedDifference* difference : family.asked) {
    p.push_back(*difference->p);
    smallest.push_back(*difference->smallest_p);
  }
  const auto corrected = tarone_holm(p, smallest, level);
  for (std::size_t i = 0; i < family.asked.size(); ++i) family.asked[i]->corrected = corrected[i];
  for (const auto& [copy, original] : family.copies) copy->corrected = original->corrected;
}

// Each of the two questions that a margin asks is a family of its own.
void correct_margins(const Family& family) {
  for (const auto member : {&PairedDifference::not_worse_p, &PairedDifference::equivalence_p}) {
    std::vector<double> p;
    for (const PairedDifference* difference : family.asked) p.push_back(*(difference->*member));
    const std::vector<double> corrected = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) family.asked[i]->*member = corrected[i];
    for (const auto& [copy, original] : family.copies) copy->*member = original->*member;
  }
}

MethodSummary* find_method(ProblemSummary& problem, const std::string& name) {
  const auto found = std::find_if(problem.methods.begin(), problem.methods.end(),
                                  [&](const MethodSummary& method) { return method.method == name; });
  return found == problem.methods.end() ? nullptr : &*found;
}

// Nothing where the two share no setting, or are the same method.
std::optional<OneSettingForBoth> one_setting(const MethodSummary& method, const ByChoice& own,
                                             const MethodSummary& baseline, const ByChoice& others) {
  if (!method.tuned || !baseline.tuned) return std::nullopt;
  const std::string best = choice_of(*baseline.chosen);
  const BySeed& its_best = others.at(best);
  const auto same = own.find(best);
  if (same == own.end() || same->second.size() < its_best.size()) return std::nullopt;
  OneSettingForBoth result;
  result.at_baselines_best = mean_difference(differences(same->second, its_best)).mean;
  result.each_at_its_best = mean_difference(differences(own.at(choice_of(*method.chosen)), its_best)).mean;
  for (const auto& [choice, trials] : own) {
    const auto other = others.find(choice);
    if (other == others.end() || other->second.size() < its_best.size() || trials.size() < its_best.size())
      continue;
    const PairedDifference found = mean_difference(differences(trials, other->second));
    if (found.pairs == 0) continue;
    const double mean = found.mean;
    if (result.shared == 0 || mean < result.lowest) {
      result.lowest = mean;
      result.lowest_setting = trials.begin()->second->setting;
    }
    if (result.shared == 0 || mean > result.highest) {
      result.highest = mean;
      result.highest_setting = trials.begin()->second->setting;
    }
    ++result.shared;
  }
  return result;
}

PairedDifference difference_to_baseline(const MethodSummary& method, const MethodSummary& baseline,
                                        const ProblemRecords& records, std::optional<double> margin) {
  const BySeed& own = judged_trials(method, records);
  const BySeed& others = judged_trials(baseline, records);
  PairedDifference found = tested_difference(own, others);
  if (found.pairs > 0) found.improvement = probability_of_improvement(method.accuracies, baseline.accuracies);
  if (!found.p) return found;
  const std::vector<double> values = differences(own, others);
  if (!any_broke_off(own, others)) found.interval = sign_flip_interval(values);
  if (margin) {
    found.not_worse_p = noninferiority_p(values, *margin);
    found.equivalence_p = equivalence_p(values, *margin);
  }
  return found;
}

double worth(const MethodSummary& method) { return method.compared() ? method.accuracy->mean : -1.0; }

}  // namespace

bool PairedDifference::decided(double level) const { return corrected && *corrected < level; }

Conclusion PairedDifference::conclusion(double level) const {
  if (same) return Conclusion::same_results;
  if (!p) return Conclusion::untested;
  if (decided(level)) return mean > 0 ? Conclusion::better : Conclusion::worse;
  if (equivalence_p && *equivalence_p < level) return Conclusion::equal;
  if (not_worse_p && *not_worse_p < level) return Conclusion::not_worse;
  return corrected ? Conclusion::undecided : Conclusion::undecidable;
}

void mark_same_results(ProblemSummary& problem, const ProblemRecords& records) {
  for (std::size_t i = 0; i < problem.methods.size(); ++i) {
    const BySeed& own = judged_trials(problem.methods[i], records);
    for (std::size_t j = 0; j < i && own.size() >= 2; ++j) {
      if (problem.methods[j].same_as || !same_results(own, judged_trials(problem.methods[j], records)))
        continue;
      problem.methods[i].same_as = problem.methods[j].method;
      break;
    }
  }
}

std::size_t common_seeds(const ProblemSummary& problem) {
  const auto compared = std::count_if(problem.methods.begin(), problem.methods.end(),
                                      [](const auto& method) { return method.compared(); });
  std::map<std::uint64_t, std::size_t> having;
  std::size_t methods = 0;
  for (const MethodSummary& method : problem.methods) {
    if (method.accuracies.empty() || (compared >= 2 && !method.compared())) continue;
    ++methods;
    for (const std::uint64_t seed : method.seeds) ++having[seed];
  }
  return static_cast<std::size_t>(
      std::count_if(having.begin(), having.end(), [&](const auto& seed) { return seed.second == methods; }));
}

void compare_with_baseline(ProblemSummary& problem, const ProblemRecords& records,
                           std::optional<double> margin) {
  if (!problem.baseline) return;
  const MethodSummary& baseline = problem.methods[*problem.baseline];
  Family family;
  for (MethodSummary& method : problem.methods) {
    if (&method == &baseline) continue;
    const PairedDifference found = difference_to_baseline(method, baseline, records, margin);
    if (found.pairs > 0) method.to_baseline = found;
    method.one_setting = one_setting(method, records.methods.at(method.method).tuning, baseline,
                                     records.methods.at(baseline.method).tuning);
    if (!found.p) continue;
    const MethodSummary* original = method.same_as ? find_method(problem, *method.same_as) : nullptr;
    if (original != nullptr && original->to_baseline) {
      family.copies.emplace_back(&*method.to_baseline, &*original->to_baseline);
    } else {
      family.asked.push_back(&*method.to_baseline);
    }
  }
  correct(family, problem.level);
  if (margin) correct_margins(family);
}

void compare_all_pairs(ProblemSummary& problem, const ProblemRecords& records) {
  const std::string baseline = problem.baseline ? problem.methods[*problem.baseline].method : std::string();
  std::stable_sort(problem.methods.begin(), problem.methods.end(),
                   [](const auto& a, const auto& b) { return worth(a) > worth(b); });
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(find_method(problem, name) - problem.methods.data());
  };
  if (problem.baseline) problem.baseline = place(baseline);
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> tested;  // originals' places: the pair's
  const auto original = [&](std::size_t i) {
    return problem.methods[i].same_as ? place(*problem.methods[i].same_as) : i;
  };
  std::vector<std::pair<std::size_t, std::size_t>> copies;
  for (std::size_t i = 0; i < problem.methods.size(); ++i) {
    for (std::size_t j = i + 1; j < problem.methods.size(); ++j) {
      if (!problem.methods[i].compared() || !problem.methods[j].compared()) continue;
      const std::size_t first = original(i);
      const std::size_t second = original(j);
      const auto [earlier, is_new] =
          tested.try_emplace({std::min(first, second), std::max(first, second)}, problem.pairs.size());
      if (!is_new) copies.emplace_back(problem.pairs.size(), earlier->second);
      problem.pairs.push_back({.first = i,
                               .second = j,
                               .difference = tested_difference(judged_trials(problem.methods[i], records),
                                                               judged_trials(problem.methods[j], records))});
    }
  }
  Family family;
  std::set<std::size_t> copied;
  for (const auto& [copy, source] : copies) {
    copied.insert(copy);
    family.copies.emplace_back(&problem.pairs[copy].difference, &problem.pairs[source].difference);
  }
  for (std::size_t i = 0; i < problem.pairs.size(); ++i) {
    if (problem.pairs[i].difference.p && !copied.contains(i))
      family.asked.push_back(&problem.pairs[i].difference);
  }
  correct(family, problem.level);
}

}  // namespace SOAP_ABI
}  // namespace soap
