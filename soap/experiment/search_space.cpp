#include "soap/experiment/search_space.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/experiment/report_words.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// The settings that a method was tried with: texts of choices, and one setting for each.
using Space = std::map<std::string, const TrialSetting*>;
using Methods = std::map<std::string, Space>;

std::string counted(std::size_t count, const std::string& name) {
  return with_thousands(static_cast<std::int64_t>(count)) + " " + name + (count == 1 ? "" : "s");
}

// "lr 0.01, 0.1; sgd; constant; batch 64; xavier_normal". Many values are told by their ends.
std::string values_text(const std::vector<std::string>& values) {
  constexpr std::size_t most = 12;
  if (values.size() <= most) return join(values, ", ");
  return values.front() + ", " + values[1] + ", ..., " + values.back() + " (" +
         counted(values.size(), "value") + ")";
}

std::string parts_text(const Space& space) {
  std::set<double> lrs;
  std::set<std::pair<Index, std::string>> batches;
  std::array<std::set<std::string>, 3> names;
  for (const auto& [choice, setting] : space) {
    const TrialOptions& options = setting->options;
    lrs.insert(options.lr);
    batches.emplace(options.batch_size, options.batch_sizes == BatchSizes::even
                                            ? std::string()
                                            : std::string(" ").append(to_text(options.batch_sizes)));
    names[0].insert(markdown_text(options.optimizer));
    names[1].insert(markdown_text(options.schedule));
    names[2].insert(markdown_text(options.initializer));
  }
  std::vector<std::string> rates;
  rates.reserve(lrs.size());
  for (const double lr : lrs) rates.push_back(to_text(lr));
  std::vector<std::string> sizes;
  sizes.reserve(batches.size());
  for (const auto& [size, kind] : batches) sizes.push_back(std::to_string(size) + kind);
  std::size_t combinations = rates.size() * sizes.size();
  std::string text = "learning rate " + values_text(rates);
  constexpr std::array<const char*, 3> called{"optimizer ", "schedule ", "initial weights "};
  for (std::size_t i = 0; i < names.size(); ++i) {
    combinations *= names[i].size();
    text += "; " + (called[i] + values_text({names[i].begin(), names[i].end()}));
  }
  text += "; batch " + values_text(sizes);
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

}  // namespace soap::inline SOAP_ABI
