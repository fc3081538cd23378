#include "soap/report/trials_csv.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/csv.hpp"
#include "soap/sweep/selection.hpp"
#include "soap/trial/chance_sources.hpp"
#include "soap/trial/spec_parts.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr const char* first_columns = "key,problem,phase,chosen,compared,method";
constexpr const char* last_columns =
    "status,message,epochs_done,steps,examples,passes_per_example,classes,accuracy,counted_accuracy,loss,"
    "final_train_loss,steps_to_target,transported_bits";

// A text whose parameters are columns: as it is, and with the parameters that it leaves to their defaults.
struct Spread {
  SpecParts said;
  SpecParts all;
};

// Sweeps have few such texts and many trials.
class Spreads {
 public:
  const Spread& of(const Setting<TrialOptions>& row, const TrialOptions& options) {
    const std::string text = row.text(options);
    auto& known = read_[row.key];
    const auto found = known.find(text);
    if (found != known.end()) return found->second;
    const std::string all = complete_where_known(row.names.complete, text);
    return known.emplace(text, Spread{SpecParts(text), SpecParts(all)}).first->second;
  }

 private:
  std::map<std::string, std::map<std::string, Spread>> read_;  // of each setting
};

template <class Visit>
void for_each_spread_setting(const Visit& visit) {
  for (const Setting<TrialOptions>& row : trial_settings) {
    if (!row.parameters.empty()) visit(row);
  }
}

using Phase = std::pair<std::string, bool>;  // of a problem
Phase phase_of(const std::string& problem, const TrialSetting& setting) {
  return {problem, setting.validation > 0};
}

// A row that grows cell by cell.
class GrowingRow {
 public:
  explicit GrowingRow(std::string& text) : text_(text) {}
  GrowingRow& plain(std::string_view cell) {
    if (!first_) text_ += ',';
    first_ = false;
    text_ += cell;
    return *this;
  }
  GrowingRow& words(std::string_view cell) { return plain(csv_text(cell)); }
  GrowingRow& yes(bool value) { return plain(value ? "yes" : "no"); }
  template <class Integer>
  GrowingRow& integer(Integer value) {
    return plain(std::to_string(value));
  }
  GrowingRow& number(std::optional<double> value) { return plain(csv_number(value)); }

 private:
  std::string& text_;
  bool first_ = true;
};

class Table {
 public:
  Table(const StoredTrials& trials, const SweepSummary& summary) {
    std::set<std::string> columns;
    for_each_spread_setting([&](const Setting<TrialOptions>& row) {
      for (const ParameterFlag& always : row.parameters) columns.insert(always.parameter);
      for (const TrialRecord& record : trials.records) {
        for (const SpecPart& part : spreads_.of(row, record.setting.options).said.parameters)
          columns.insert(part.key);
      }
    });
    parameters_.assign(columns.begin(), columns.end());
    for (const ProblemSummary& problem : summary.problems) {
      for (const MethodSummary& method : problem.methods) {
        if (method.chosen) chosen_[{problem.name, method.method}] = choice_of(*method.chosen);
      }
    }
    for (const TrialRecord& record : comparable_records(trials.records))
      usual_[phase_of(problem_of(record.setting), record.setting)] = evaluation_of(record.setting);
  }

  [[nodiscard]] std::string header() const {
    std::string text = first_columns;
    for (const auto& columns :
         {setting_columns(trial_settings, result_roles), setting_columns(evaluation_settings, result_roles)})
      text.append(",").append(join(columns, ","));
    for (const std::string& name : parameters_) text.append(",").append(csv_text(name));
    return text.append(",").append(last_columns).append("\n");
  }

  void add(const TrialRecord& record, std::string& text) {
    GrowingRow row(text);
    add_setting(record.key.empty() ? trial_key(record.setting) : record.key, record.setting, row);
    add_figures(record, row);
    text += '\n';
  }

 private:
  void add_setting(const std::string& key, const TrialSetting& setting, GrowingRow& row) {
    const std::string problem = problem_of(setting);
    const std::string method = method_of(setting);
    const bool own_seeds = has_own_seeds(setting.options);
    const auto usual_way = usual_.find(phase_of(problem, setting));
    const bool compared =
        !own_seeds && usual_way != usual_.end() && usual_way->second == evaluation_of(setting);
    const auto choice = chosen_.find({problem, method});
    const bool chosen = compared && choice != chosen_.end() && choice->second == choice_of(setting);
    row.plain(key).words(problem);
    row.plain(setting.validation > 0 ? "tuning" : (own_seeds ? "variance" : "judging"));
    row.yes(chosen).yes(compared).words(method);
    for_each_setting(trial_settings, result_roles, [&](const Setting<TrialOptions>& column) {
      row.words(column.parameters.empty() ? column.text(setting.options)
                                          : spreads_.of(column, setting.options).said.name);
    });
    for (const std::string& cell : setting_cells(evaluation_settings, result_roles, setting)) row.words(cell);
    for (const std::string& name : parameters_) {
      const std::string* value = nullptr;
      for_each_spread_setting([&](const Setting<TrialOptions>& column) {
        if (value == nullptr) value = spreads_.of(column, setting.options).all.find(name);
      });
      row.words(value == nullptr ? "" : *value);
    }
  }

  static void add_figures(const TrialRecord& record, GrowingRow& row) {
    row.plain(to_text(record.status)).words(record.message).integer(record.epochs).integer(record.steps);
    row.integer(record.examples).number(record.passes_per_example).integer(record.classes);
    row.number(record.judged ? record.judged->accuracy : std::nullopt).number(counted_accuracy(record));
    row.plain(record.judged ? to_text(record.judged->loss) : "").number(record.final_train_loss);
    row.plain(record.steps_to_target ? std::to_string(*record.steps_to_target) : "");
    row.number(record.transported_bits);
  }

  Spreads spreads_;
  std::vector<std::string> parameters_;                                // that are columns
  std::map<std::pair<std::string, std::string>, std::string> chosen_;  // of problem and method
  std::map<Phase, std::string> usual_;                                 // how trials are evaluated
};

}  // namespace

void write_trials_csv(const std::filesystem::path& path, const StoredTrials& trials,
                      const SweepSummary& summary) {
  constexpr std::size_t piece = 1 << 20;
  Table table(trials, summary);
  write_file_atomically(path, [&](const WriteBytes& write) {
    std::string text = table.header();
    for (const auto* records : {&trials.records, &trials.own_seeds}) {
      for (const TrialRecord& record : *records) {
        table.add(record, text);
        if (text.size() < piece) continue;
        write(text);
        text.clear();
      }
    }
    write(text);
  });
}

}  // namespace SOAP_ABI
}  // namespace soap
