#include "soap/report/sweep_records.hpp"

#include <algorithm>

#include "soap/sweep/selection.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

template <class Visit>
void for_each_pair(const BySeed& first, const BySeed& second, const Visit& visit) {
  for (const auto& [seed, record] : first) {
    const auto other = second.find(seed);
    if (other != second.end()) visit(*record, *other->second);
  }
}

}  // namespace

std::map<std::string, ProblemRecords> sort_records(const std::vector<TrialRecord>& records) {
  std::map<std::string, ProblemRecords> problems;
  for (const TrialRecord& record : records) {
    ProblemRecords& problem = problems[problem_of(record.setting)];
    problem.seeds.insert(record.setting.options.seed);
    MethodRecords& method = problem.methods[method_of(record.setting)];
    auto& choices = record.setting.validation > 0 ? method.tuning : method.judging;
    choices[choice_of(record.setting)][record.setting.options.seed] = &record;
  }
  return problems;
}

std::vector<double> differences(const BySeed& first, const BySeed& second) {
  std::vector<double> values;
  values.reserve(first.size());
  for_each_pair(first, second, [&](const TrialRecord& a, const TrialRecord& b) {
    values.push_back(counted_accuracy(a) - counted_accuracy(b));
  });
  return values;
}

bool same_results(const BySeed& first, const BySeed& second) {
  return !first.empty() && std::equal(first.begin(), first.end(), second.begin(), second.end(),
                                      [](const auto& a, const auto& b) {
                                        return a.first == b.first &&
                                               counted_accuracy(*a.second) == counted_accuracy(*b.second);
                                      });
}

bool any_broke_off(const BySeed& first, const BySeed& second) {
  bool any = false;
  for_each_pair(first, second, [&](const TrialRecord& a, const TrialRecord& b) {
    any = any || broke_off(a.status) || broke_off(b.status);
  });
  return any;
}

}  // namespace SOAP_ABI
}  // namespace soap
