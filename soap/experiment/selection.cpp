#include "soap/experiment/selection.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// A choice but for its learning rate.
std::string rest_of_choice(TrialSetting setting) {
  setting.options.lr = 1;
  return choice_of(setting);
}

void find_best(Selection& selection) {
  auto& choices = selection.choices;
  std::stable_sort(choices.begin(), choices.end(), [](const Choice& a, const Choice& b) {
    return a.setting.options.lr < b.setting.options.lr;
  });
  std::size_t most = 0;
  for (const Choice& choice : choices) most = std::max(most, choice.trials);
  const auto worth = [&](const Choice& choice) { return choice.trials == most ? choice.accuracy : -1; };
  const auto best = std::max_element(choices.begin(), choices.end(),
                                     [&](const Choice& a, const Choice& b) { return worth(a) < worth(b); });
  selection.best = static_cast<std::size_t>(best - choices.begin());

  const std::string rest = rest_of_choice(best->setting);
  const double lr = best->setting.options.lr;
  bool lower = false;
  bool higher = false;
  for (const Choice& other : choices) {
    if (rest_of_choice(other.setting) != rest) continue;
    lower |= other.setting.options.lr < lr;
    higher |= other.setting.options.lr > lr;
  }
  selection.at_lower_edge = higher && !lower;
  selection.at_upper_edge = lower && !higher;
}

// How a trial was evaluated; trials that differ in this cannot be compared.
std::string evaluation_of(const TrialSetting& setting) {
  return std::to_string(setting.validation) + ' ' + std::to_string(setting.evaluations) + ' ' +
         to_text(setting.target_loss);
}

}  // namespace

std::vector<TrialRecord> comparable_records(const std::vector<TrialRecord>& records) {
  // Problem and kind of trial; each way of evaluating with the number of trials.
  std::map<std::pair<std::string, bool>, std::map<std::string, std::size_t>> counts;
  std::vector<const std::map<std::string, std::size_t>*> own;
  own.reserve(records.size());
  for (const TrialRecord& record : records) {
    auto& ways = counts[{problem_of(record.setting), record.setting.validation > 0}];
    ++ways[evaluation_of(record.setting)];
    own.push_back(&ways);
  }
  std::vector<TrialRecord> kept;
  kept.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto usual = std::max_element(own[i]->begin(), own[i]->end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    if (own[i]->size() == 1 || usual->first == evaluation_of(records[i].setting)) kept.push_back(records[i]);
  }
  return kept;
}

double counted_accuracy(const TrialRecord& record) {
  if (record.judged && record.judged->accuracy) return *record.judged->accuracy;
  return 1.0 / static_cast<double>(std::max<Index>(record.classes, 1));
}

std::vector<Selection> select_choices(const std::vector<TrialRecord>& records) {
  std::vector<Selection> selections;
  std::map<std::string, std::size_t> place_of_method;
  std::map<std::string, std::size_t> place_of_choice;
  for (const TrialRecord& record : records) {
    if (record.setting.validation == 0) continue;
    const std::string method = problem_of(record.setting) + '\n' + method_of(record.setting);
    const auto [found, is_new] = place_of_method.try_emplace(method, selections.size());
    if (is_new) selections.emplace_back();
    auto& choices = selections[found->second].choices;
    const auto [place, is_new_choice] =
        place_of_choice.try_emplace(method + '\n' + choice_of(record.setting), choices.size());
    if (is_new_choice) choices.push_back({.setting = record.setting});
    Choice& choice = choices[place->second];
    ++choice.trials;
    choice.diverged += record.status == TrialStatus::diverged ? 1 : 0;
    choice.accuracy += (counted_accuracy(record) - choice.accuracy) / static_cast<double>(choice.trials);
  }
  for (Selection& selection : selections) find_best(selection);
  return selections;
}

std::vector<TrialSetting> judging_trials(const std::vector<Selection>& selections,
                                         const std::vector<std::uint64_t>& seeds) {
  std::vector<TrialSetting> trials;
  trials.reserve(selections.size() * seeds.size());
  for (const Selection& selection : selections) {
    for (const std::uint64_t seed : seeds) {
      TrialSetting setting = selection.chosen().setting;
      setting.options.seed = seed;
      setting.validation = 0;
      setting.evaluations = 1;
      trials.push_back(std::move(setting));
    }
  }
  return trials;
}

}  // namespace soap::inline SOAP_ABI
