#include "soap/sweep/selection.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/sweep/choice_order.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// The numbers of a choice by their names, and its other texts in one.
struct Numbers {
  explicit Numbers(const TrialSetting& setting) {
    for (const ChoiceValue& value : ChoiceKey(setting).values()) {
      if (value.number) {
        by_name.emplace_back(value.name, *value.number);
      } else {
        kind += value.name + ' ' + value.text + '\n';
      }
    }
  }
  // Nothing where the choice has no such number.
  [[nodiscard]] std::optional<double> at(const std::string& name) const {
    const auto found = std::find_if(by_name.begin(), by_name.end(),
                                    [&](const auto& number) { return number.first == name; });
    return found == by_name.end() ? std::nullopt : std::optional(found->second);
  }

  std::vector<std::pair<std::string, double>> by_name;
  std::string kind;
};

// Below it no value is valid.
double least_value(const std::string& name) {
  const auto* const row = std::find_if(trial_settings.begin(), trial_settings.end(),
                                       [&](const SettingRow& setting) { return name_of(setting) == name; });
  return row == trial_settings.end() ? 0 : static_cast<double>(row->least);
}

// Above it none is.
double largest_value(const std::string& name) {
  return name == "schedule final" ? 1 : std::numeric_limits<double>::infinity();
}

Choice read_choice(std::vector<const TrialRecord*>& trials) {
  std::sort(trials.begin(), trials.end(), [](const auto* a, const auto* b) {
    const auto seeds = a->setting.options.seed <=> b->setting.options.seed;
    return seeds != 0 ? seeds < 0 : trial_key(a->setting) < trial_key(b->setting);
  });
  Choice choice{.setting = trials.front()->setting, .trials = trials.size()};
  for (const TrialRecord* record : trials) {
    choice.broke_off += broke_off(record->status) ? 1 : 0;
    choice.accuracy += counted_accuracy(*record);
  }
  choice.accuracy /= static_cast<double>(trials.size());
  return choice;
}

void sort_choices(std::vector<Choice>& choices) {
  std::vector<std::pair<ChoiceKey, Choice>> keyed;
  keyed.reserve(choices.size());
  for (Choice& choice : choices) keyed.emplace_back(ChoiceKey(choice.setting), std::move(choice));
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < choices.size(); ++i) choices[i] = std::move(keyed[i].second);
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
  return 1.0 / static_cast<double>(record.classes);
}

std::vector<std::size_t> best_first(const std::vector<Choice>& choices) {
  std::vector<ChoiceKey> keys;
  keys.reserve(choices.size());
  for (const Choice& choice : choices) keys.emplace_back(choice.setting);
  std::vector<std::size_t> places(choices.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  const auto by_key = [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; };
  std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    if (choices[a].trials != choices[b].trials) return choices[a].trials > choices[b].trials;
    if (choices[a].accuracy != choices[b].accuracy) return choices[a].accuracy > choices[b].accuracy;
    return by_key(a, b);
  });
  for (auto first = places.begin(); first != places.end();) {
    const Choice& leader = choices[*first];
    const auto end = std::find_if(first, places.end(), [&](std::size_t place) {
      return choices[place].trials != leader.trials ||
             choices[place].accuracy < leader.accuracy - equal_accuracies;
    });
    std::sort(first, end, by_key);
    first = end;
  }
  return places;
}

std::string edges_text(const std::vector<Edge>& edges) {
  std::vector<std::string> parts;
  parts.reserve(edges.size());
  for (const Edge& edge : edges) parts.push_back(edge.name + (edge.highest ? " highest" : " lowest"));
  return join(parts, ", ");
}

std::vector<Edge> edges_of(const std::vector<Choice>& choices, std::size_t best) {
  const Numbers own(choices[best].setting);
  std::vector<Numbers> alike;
  for (const Choice& choice : choices) {
    Numbers numbers(choice.setting);
    if (numbers.kind == own.kind) alike.push_back(std::move(numbers));
  }
  std::vector<Edge> edges;
  for (const auto& number : own.by_name) {
    const std::string& name = number.first;
    const double value = number.second;
    const auto above = [&](const Numbers& other) { return other.at(name) && other.at(name) > value; };
    const auto below = [&](const Numbers& other) { return other.at(name) && other.at(name) < value; };
    const bool some_above = std::any_of(alike.begin(), alike.end(), above);
    const bool some_below = std::any_of(alike.begin(), alike.end(), below);
    if (some_above == some_below) continue;
    if (value == (some_below ? largest_value(name) : least_value(name))) continue;
    edges.push_back({.name = name, .highest = some_below});
  }
  return edges;
}
std::vector<Selection> select_choices(const std::vector<TrialRecord>& records) {
  // Sorted by problem, method, choice and seed, so that sums do not depend on the order of the records.
  using Trials = std::vector<const TrialRecord*>;
  std::map<std::pair<std::string, std::string>, std::map<std::string, Trials>> methods;
  for (const TrialRecord& record : records) {
    const TrialSetting& setting = record.setting;
    if (setting.validation == 0) continue;
    methods[{problem_of(setting), method_of(setting)}][choice_of(setting)].push_back(&record);
  }
  std::vector<Selection> selections;
  for (auto& [name, choices] : methods) {
    Selection& selection = selections.emplace_back();
    for (auto& [choice, trials] : choices) selection.choices.push_back(read_choice(trials));
    sort_choices(selection.choices);
    selection.best = best_first(selection.choices).front();
    selection.edges = edges_of(selection.choices, selection.best);
  }
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

}  // namespace SOAP_ABI
}  // namespace soap
