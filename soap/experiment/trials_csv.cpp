#include "soap/experiment/trials_csv.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/experiment/chance_sources.hpp"
#include "soap/experiment/selection.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/csv.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/nn/optimizer.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Parameters = std::map<std::string, std::string>;

constexpr const char* first_columns =
    "key,problem,phase,chosen,compared,method,rule,step,lr,optimizer,schedule,batch_size,batch_sizes,"
    "initializer,hidden,"
    "activation,loss_function,epochs,seed,init_seed,order_seed,feedback_seed,data,validation_images,"
    "evaluations,target_loss";
constexpr const char* last_columns =
    "status,message,epochs_done,steps,examples,passes_per_example,classes,accuracy,counted_accuracy,loss,"
    "final_train_loss,steps_to_target,transported_bits";

struct OptimizerText {
  std::string name;
  Parameters said;
};

OptimizerText read_optimizer(const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  OptimizerText optimizer{.name = parts.front(), .said = {}};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = std::min(parts[i].find('='), parts[i].size());
    optimizer.said[parts[i].substr(0, equals)] = parts[i].substr(std::min(equals + 1, parts[i].size()));
  }
  return optimizer;
}

template <class Options>
Parameters adaptive_defaults() {
  const Options options;
  return {{"beta1", to_text(options.beta1)},
          {"beta2", to_text(options.beta2)},
          {"epsilon", to_text(options.epsilon)},
          {"weight_decay", to_text(options.weight_decay)}};
}

// What holds where an optimizer's text says nothing.
const Parameters& defaults_of(const std::string& name) {
  static const std::map<std::string, Parameters> all = {
      {"sgd",
       {{"momentum", to_text(SgdOptions().momentum)},
        {"weight_decay", to_text(SgdOptions().weight_decay)},
        {"nesterov", "no"},
        {"manhattan", "no"}}},
      {"adam", adaptive_defaults<AdamOptions>()},
      {"adamw", adaptive_defaults<AdamWOptions>()},
      {"rmsprop",
       {{"smoothing", to_text(RmsPropOptions().smoothing)},
        {"epsilon", to_text(RmsPropOptions().epsilon)},
        {"weight_decay", to_text(RmsPropOptions().weight_decay)}}}};
  static const Parameters none;
  const auto found = all.find(name);
  return found == all.end() ? none : found->second;
}

// Sweeps have few optimizers and many trials.
class Optimizers {
 public:
  const OptimizerText& of(const std::string& text) {
    const auto found = read_.find(text);
    return found != read_.end() ? found->second : read_.emplace(text, read_optimizer(text)).first->second;
  }

 private:
  std::map<std::string, OptimizerText> read_;
};

// How a trial was evaluated.
using Evaluated = std::tuple<Index, std::int64_t, double>;
Evaluated evaluated(const TrialSetting& setting) {
  return {setting.validation, setting.evaluations, setting.target_loss};
}

using Phase = std::pair<std::string, bool>;  // of a problem
Phase phase_of(const std::string& problem, const TrialSetting& setting) {
  return {problem, setting.validation > 0};
}

// A row that grows cell by cell.
class Row {
 public:
  explicit Row(std::string& text) : text_(text) {}
  Row& plain(std::string_view cell) {
    if (!first_) text_ += ',';
    first_ = false;
    text_ += cell;
    return *this;
  }
  Row& words(std::string_view cell) { return plain(csv_text(cell)); }
  Row& yes(bool value) { return plain(value ? "yes" : "no"); }
  template <class Integer>
  Row& integer(Integer value) {
    return plain(std::to_string(value));
  }
  Row& number(double value) { return plain(to_text(value)); }
  Row& number(const std::optional<double>& value) { return value ? number(*value) : plain(""); }

 private:
  std::string& text_;
  bool first_ = true;
};

std::string hidden_text(const std::vector<Index>& hidden) {
  std::string text;
  for (const Index size : hidden) text.append(text.empty() ? "" : "x").append(std::to_string(size));
  return text.empty() ? "none" : text;
}

class Table {
 public:
  Table(const StoredTrials& trials, const SweepSummary& summary) {
    Parameters columns = {{"momentum", ""}, {"weight_decay", ""}};
    for (const TrialRecord& record : trials.records)
      columns.merge(Parameters(optimizers_.of(record.setting.options.optimizer).said));
    for (const auto& [name, nothing] : columns) parameters_.push_back(name);
    for (const ProblemSummary& problem : summary.problems) {
      for (const MethodSummary& method : problem.methods) {
        if (method.chosen) chosen_[{problem.name, method.method}] = choice_of(*method.chosen);
      }
    }
    for (const TrialRecord& record : comparable_records(trials.records))
      usual_[phase_of(problem_of(record.setting), record.setting)] = evaluated(record.setting);
  }

  [[nodiscard]] std::string header() const {
    std::string text = first_columns;
    for (const std::string& name : parameters_) text.append(",").append(csv_text(name));
    return text.append(",").append(last_columns).append("\n");
  }

  void add(const TrialRecord& record, std::string& text) {
    Row row(text);
    add_setting(record.key.empty() ? trial_key(record.setting) : record.key, record.setting, row);
    add_figures(record, row);
    text += '\n';
  }

 private:
  void add_setting(const std::string& key, const TrialSetting& setting, Row& row) {
    const TrialOptions& options = setting.options;
    const std::string problem = problem_of(setting);
    const std::string method = method_of(setting);
    const bool own_seeds = has_own_seeds(options);
    const auto usual_way = usual_.find(phase_of(problem, setting));
    const bool compared = !own_seeds && usual_way != usual_.end() && usual_way->second == evaluated(setting);
    const auto choice = chosen_.find({problem, method});
    const bool chosen = compared && choice != chosen_.end() && choice->second == choice_of(setting);
    const OptimizerText& optimizer = optimizers_.of(options.optimizer);
    row.plain(key).words(problem);
    row.plain(setting.validation > 0 ? "tuning" : (own_seeds ? "variance" : "judging"));
    row.yes(chosen).yes(compared).words(method).words(options.rule);
    row.words(is_step(options.rule) ? options.rule : options.step).number(options.lr);
    row.words(optimizer.name).words(options.schedule).integer(options.batch_size);
    row.plain(to_text(options.batch_sizes)).words(options.initializer);
    row.words(hidden_text(options.hidden)).words(options.activation).words(options.loss);
    row.integer(options.epochs).integer(options.seed);
    for (const ChanceSource source : chance_sources) row.integer(seed_of(options, source));
    row.words(setting.data).integer(setting.validation);
    row.integer(setting.evaluations).number(setting.target_loss);
    const Parameters& defaults = defaults_of(optimizer.name);
    for (const std::string& name : parameters_) {
      const auto said = optimizer.said.find(name);
      const auto usual = defaults.find(name);
      row.words(said != optimizer.said.end() ? said->second : usual != defaults.end() ? usual->second : "");
    }
  }

  static void add_figures(const TrialRecord& record, Row& row) {
    row.plain(to_text(record.status)).words(record.message).integer(record.epochs).integer(record.steps);
    row.integer(record.examples).number(record.passes_per_example).integer(record.classes);
    row.number(record.judged ? record.judged->accuracy : std::nullopt).number(counted_accuracy(record));
    row.plain(record.judged ? to_text(record.judged->loss) : "").number(record.final_train_loss);
    row.plain(record.steps_to_target ? std::to_string(*record.steps_to_target) : "");
    row.number(record.transported_bits);
  }

  Optimizers optimizers_;
  std::vector<std::string> parameters_;                                // that are columns
  std::map<std::pair<std::string, std::string>, std::string> chosen_;  // of problem and method
  std::map<Phase, Evaluated> usual_;
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

}  // namespace soap::inline SOAP_ABI
