#include "soap/report/search_space.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/report/report_words.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// The settings that a method was tried with: texts of choices, and one setting for each.
using Space = std::map<std::string, const TrialSetting*>;
using Methods = std::map<std::string, Space>;

std::string counted(std::size_t count, const std::string& name) {
  return with_thousands(static_cast<std::int64_t>(count)) + " " + name + (count == 1 ? "" : "s");
}

// "0.01, 0.1". Many values are told by their ends.
std::string values_text(const std::vector<std::string>& values) {
  constexpr std::size_t most = 12;
  if (values.size() <= most) return join(values, ", ");
  return values.front() + ", " + values[1] + ", ..., " + values.back() + " (" +
         counted(values.size(), "value") + ")";
}

std::string parts_text(const Space& space) {
  std::string text;
  std::size_t combinations = 1;
  for_each_setting(trial_settings, chosen_roles, [&](const Setting<TrialOptions>& row) {
    std::set<std::pair<double, std::string>> values;  // numbers by their size
    bool any_named = false;
    for (const auto& [choice, setting] : space) {
      const std::string value = row.text(setting->options);
      values.emplace(row.is_number() ? parse_number("value", value) : 0, markdown_text(value));
      any_named = any_named || row.is_named(setting->options);
    }
    if (!any_named) return;
    std::vector<std::string> texts;
    texts.reserve(values.size());
    for (const auto& [number, value] : values) texts.push_back(value);
    combinations *= texts.size();
    text.append(text.empty() ? "" : "; ").append(name_of(row)).append(" ").append(values_text(texts));
  });
  // Values that are searched with others have no grid of their own.
  if (combinations > space.size())
    text += "; " + counted(space.size(), "setting") + " of the " + counted(combinations, "combination");
  return text + ".";
}

bool same_space(const Space& a, const Space& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

std::string space_text(const Methods& methods) {
  struct Group {
    std::vector<std::string> methods;
    const Space* space;
  };
  std::vector<Group> groups;
  for (const auto& [method, tried] : methods) {
    const Space& space = tried;
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const Group& group) { return same_space(*group.space, space); });
    const std::string name = code(method);
    if (same == groups.end()) {
      groups.push_back({{name}, &space});
    } else {
      same->methods.push_back(name);
    }
  }
  if (groups.size() == 1) {
    const std::string all =
        methods.size() == 1 ? groups.front().methods.front() : counted(methods.size(), "method") + " alike";
    return "- Searched, for " + all + ": " + counted(groups.front().space->size(), "setting") + ": " +
           parts_text(*groups.front().space) + "\n";
  }
  std::string text = "- Searched, **not the same for all methods**:\n";
  for (const Group& group : groups) {
    text += "  - " + join(group.methods, ", ") + ": " + counted(group.space->size(), "setting") + ": " +
            parts_text(*group.space) + "\n";
  }
  return text;
}

}  // namespace

std::map<std::string, std::string> search_spaces(const std::vector<TrialRecord>& records) {
  std::map<std::string, Methods> problems;
  for (const TrialRecord& record : records) {
    const TrialSetting& setting = record.setting;
    if (setting.validation > 0)
      problems[problem_of(setting)][method_of(setting)].emplace(choice_of(setting), &setting);
  }
  std::map<std::string, std::string> texts;
  for (const auto& [problem, methods] : problems) texts[problem] = space_text(methods);
  return texts;
}

}  // namespace SOAP_ABI
}  // namespace soap
