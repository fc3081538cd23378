// Finds the best learning rate of each rule on validation images, then judges each by the test set.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/base/text_table.hpp"
#include "soap/experiment/grid.hpp"
#include "soap/experiment/selection.hpp"
#include "soap/experiment/statistics.hpp"
#include "soap/experiment/sweep_runner.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/build_info.hpp"
#include "soap/nn/activation.hpp"

#include "command_line.hpp"
#include "data_source.hpp"
#include "sweep_progress.hpp"
#include "trial_app.hpp"
#include "world.hpp"

namespace {

constexpr std::size_t most_trials = 10'000'000;
constexpr int most_extensions = 10;

struct Settings {
  std::vector<soap::TrialSetting> tuning;  // seed by seed innermost
  std::vector<std::uint64_t> seeds;
  std::vector<double> lrs;  // ascending
  std::filesystem::path out;
  sweep_app::World world;
  int threads = 1;
  bool extend = false;
};

cxxopts::Options flags() {
  const soap::TrialOptions defaults;
  const auto text = [](const std::string& value) {
    return cxxopts::value<std::string>()->default_value(value);
  };
  cxxopts::Options options(
      "sweep",
      "Trains every rule with every setting and seed, chooses each rule's best setting on validation images, "
      "and judges it by the test set. Started again with the same flags it runs only what is missing. Flags "
      "marked with * take lists (0.01,0.1) and, for numbers, ranges (log:1e-3:1:7, lin:0:0.9:4).");
  auto add = options.add_options();
  add("out", "folder for the results, which processes may share (default: runs/sweep-DATE-TIME)",
      cxxopts::value<std::string>(), "DIR");
  add("data",
      "folder with MNIST's files, or synthetic:train=N:test=N:seed=N (default: SOAP_DATA_DIR, else "
      "data/mnist, else synthetic)",
      cxxopts::value<std::string>(), "DIR");
  add("validation", "hold out the last N training images to choose by", text("10000"), "N");
  add("rules", "* " + soap::join(soap::rule_names(), ", ") + "; as in mnist_train", text("bp,fa"), "LIST");
  add("step", "* " + soap::join(soap::step_names(soap::StepUse::with_feedback), ", "), text(defaults.step),
      "LIST");
  add("lr", "* learning rate", text("log:1e-3:1:7"), "LIST");
  add("seed", "the first seed", text("1"), "N");
  add("seeds", "how many seeds, or a list of two or more", text("5"), "N or LIST");
  add("hidden", "* units of the hidden layer; 240x240 for two layers, or none", text("100"), "LIST");
  add("activation", "* " + soap::join(soap::activation_names(), ", "), text(defaults.activation), "LIST");
  add("init", "* initial weights: " + soap::join(soap::initializer_names(), ", "), text(defaults.initializer),
      "LIST");
  add("optimizer", "* " + soap::join(soap::optimizer_names(), ", "), text(defaults.optimizer), "LIST");
  add("momentum", "* of sgd", cxxopts::value<std::string>(), "LIST");
  add("weight-decay", "* of any optimizer", cxxopts::value<std::string>(), "LIST");
  add("schedule", "* of the learning rate, as in mnist_train", text(defaults.schedule), "LIST");
  add("batch-size", "* examples in a minibatch", text(std::to_string(defaults.batch_size)), "LIST");
  add("epochs", "* passes over the training set", text("1"), "LIST");
  add("evaluations", "validation points an epoch, for curves", text("4"), "N");
  add("target-loss", "training loss for the steps-to-loss comparison", text("0.3"), "NUMBER");
  add("extend", "while a rule's best learning rate lies at the edge, widen the grid for all rules");
  add("threads", "trials side by side (default: OMP_NUM_THREADS, else all cores)",
      cxxopts::value<std::string>(), "N");
  add("rank", "this process among those that share --out, from 0 (default: from mpirun or Slurm)",
      cxxopts::value<std::string>(), "N");
  add("world-size", "how many processes share --out", cxxopts::value<std::string>(), "N");
  add("dry-run", "count the trials and stop");
  add("version", "print versions and the instruction set in use");
  add("help", "print this text");
  return options;
}

using Option = soap::TrialOptions;
using Setter = std::function<void(Option&, const std::string&)>;

// All trials so far, once with each value.
void cross(std::vector<Option>& trials, const std::vector<std::string>& values, const Setter& set) {
  if (trials.size() > most_trials / values.size()) {
    throw std::invalid_argument("the grid: found more than " +
                                soap::with_thousands(static_cast<std::int64_t>(most_trials)) +
                                " trials, expected fewer");
  }
  std::vector<Option> all;
  all.reserve(trials.size() * values.size());
  for (const Option& trial : trials) {
    for (const std::string& value : values) {
      all.push_back(trial);
      set(all.back(), value);
    }
  }
  trials = std::move(all);
}

std::vector<soap::Index> parse_layers(const std::string& text) {
  std::vector<soap::Index> sizes;
  if (text == "none") return sizes;
  for (const auto& part : soap::split(text, 'x')) {
    const std::int64_t size = soap::parse_integer("--hidden", part);
    if (size < 1) {
      throw std::invalid_argument("--hidden: found '" + text +
                                  "', expected sizes of at least 1, as in 100 or 240x240, or none");
    }
    sizes.push_back(size);
  }
  return sizes;
}

double positive(const std::string& flag, const std::string& text) {
  const double number = soap::parse_number(flag, text);
  if (number > 0 && number <= 1e300) return number;
  throw std::invalid_argument(flag + ": found '" + text + "', expected numbers above 0");
}

std::int64_t at_least_one(const std::string& flag, const std::string& text, std::int64_t most) {
  const std::int64_t number = soap::parse_integer(flag, text);
  if (number >= 1 && number <= most) return number;
  throw std::invalid_argument(flag + ": found '" + text + "', expected integers from 1 to " +
                              soap::with_thousands(most));
}

// The settings of one method, but for its seeds.
std::vector<Option> grid(const cxxopts::ParseResult& given) {
  std::vector<Option> trials(1);
  const auto axis = [&](const std::string& name, const Setter& set) {
    if (given.count(name) == 0 && !given[name].has_default()) return;
    cross(trials, soap::parse_values("--" + name, given[name].as<std::string>()), set);
  };
  axis("hidden", [](Option& trial, const std::string& value) { trial.hidden = parse_layers(value); });
  axis("activation", [](Option& trial, const std::string& value) { trial.activation = value; });
  axis("epochs", [](Option& trial, const std::string& value) {
    trial.epochs = at_least_one("--epochs", value, trial_app::most_epochs);
  });
  axis("init", [](Option& trial, const std::string& value) { trial.initializer = value; });
  axis("optimizer", [](Option& trial, const std::string& value) { trial.optimizer = value; });
  axis("momentum", [](Option& trial, const std::string& value) { trial.optimizer += ":momentum=" + value; });
  axis("weight-decay",
       [](Option& trial, const std::string& value) { trial.optimizer += ":weight_decay=" + value; });
  axis("schedule", [](Option& trial, const std::string& value) { trial.schedule = value; });
  axis("batch-size", [](Option& trial, const std::string& value) {
    trial.batch_size = at_least_one("--batch-size", value, 1'000'000);
  });
  axis("lr", [](Option& trial, const std::string& value) { trial.lr = positive("--lr", value); });
  return trials;
}

Settings resolve(const cxxopts::ParseResult& given, const data_source::Digits& digits) {
  Settings settings;
  settings.seeds = trial_app::seeds(given);
  settings.world = sweep_app::world(given);
  settings.threads = trial_app::threads(given);
  settings.extend = given.count("extend") > 0;
  settings.out = trial_app::run_directory(given, "sweep");
  soap::TrialSetting setting;
  setting.data = soap::data_identity(digits.data);
  setting.validation = command_line::integer(given, "validation", 1);
  setting.evaluations = command_line::integer(given, "evaluations", 1, 1000);
  setting.target_loss = command_line::positive_number(given, "target-loss");
  const auto methods = trial_app::methods(trial_app::rules(given), trial_app::steps(given));
  for (const Option& options : grid(given)) {
    settings.lrs.push_back(options.lr);
    for (const auto& method : methods) {
      setting.options = options;
      setting.options.rule = method.rule;
      setting.options.step = method.step;
      soap::check_trial(setting.options, digits.data.train.features(), digits.data.train.outputs());
      for (const auto seed : settings.seeds) {
        setting.options.seed = seed;
        settings.tuning.push_back(setting);
      }
    }
  }
  std::sort(settings.lrs.begin(), settings.lrs.end());
  settings.lrs.erase(std::unique(settings.lrs.begin(), settings.lrs.end()), settings.lrs.end());
  if (settings.extend && settings.lrs.size() < 2)
    throw std::invalid_argument("--extend: found one learning rate, expected a grid of two or more in --lr");
  return settings;
}

// A folder of somebody else's is left alone.
void check_out(const std::filesystem::path& out) {
  std::error_code error;
  if (!std::filesystem::exists(out, error)) return;
  if (!std::filesystem::is_directory(out, error)) {
    throw std::invalid_argument("--out: found '" + out.string() +
                                "', a file, expected a folder or a new name");
  }
  if (std::filesystem::is_empty(out, error) || std::filesystem::is_directory(out / "trials", error)) return;
  throw std::invalid_argument("--out: found '" + out.string() +
                              "', which holds something else, expected a sweep's folder or a new name");
}

// Runs what is missing of these trials; false when a signal came.
bool run(const std::string& phase, const std::vector<soap::TrialSetting>& trials, const Settings& settings,
         const soap::SweepData& data, const soap::TrialStore& store) {
  double work = 0;
  for (const auto& trial : trials) work += soap::trial_work(trial, data);
  sweep_app::SweepProgress progress(std::cerr, soap::error_stream_is_terminal(), phase, trials.size(), work);
  const bool done =
      soap::run_missing_trials(trials, data, store,
                               {.threads = settings.threads,
                                .rank = settings.world.rank,
                                .world_size = settings.world.size,
                                .stop_requested = [] { return trial_app::stop_signal != 0; },
                                .started = [&](const soap::TrialSetting&) { progress.started(); },
                                .finished =
                                    [&](const soap::TrialRecord& record, const soap::Origin& origin) {
                                      progress.finished(record.status == soap::TrialStatus::diverged,
                                                        soap::trial_work(record.setting, data), origin);
                                    }});
  progress.end();
  return done;
}

std::vector<soap::TrialRecord> results(const std::vector<soap::TrialSetting>& trials,
                                       const soap::TrialStore& store) {
  std::vector<soap::TrialRecord> records;
  records.reserve(trials.size());
  for (const auto& trial : trials) {
    if (auto record = store.find(soap::trial_key(trial))) records.push_back(std::move(*record));
  }
  return records;
}

// Adds a learning rate to the grid of all methods alike, so that all have had as many trials.
void widen(Settings& settings, bool below) {
  const double from = below ? settings.lrs.front() : settings.lrs.back();
  const double to = below ? soap::below_grid(settings.lrs) : soap::above_grid(settings.lrs);
  std::vector<soap::TrialSetting> more;
  for (soap::TrialSetting setting : settings.tuning) {
    if (setting.options.lr != from) continue;
    setting.options.lr = to;
    more.push_back(std::move(setting));
  }
  settings.tuning.insert(settings.tuning.end(), more.begin(), more.end());
  settings.lrs.insert(below ? settings.lrs.begin() : settings.lrs.end(), to);
}

// Widens the grid at each end where a method's best learning rate lies; false where none does.
bool extend(Settings& settings, const std::vector<soap::Selection>& selections) {
  const bool below =
      std::any_of(selections.begin(), selections.end(), [](const auto& s) { return s.at_lower_edge; });
  const bool above =
      std::any_of(selections.begin(), selections.end(), [](const auto& s) { return s.at_upper_edge; });
  if (below) widen(settings, true);
  if (above) widen(settings, false);
  return below || above;
}

std::string percent(const std::vector<soap::TrialRecord>& records, const soap::Choice& choice) {
  std::vector<double> accuracies;
  std::size_t diverged = 0;
  for (const auto& record : records) {
    if (soap::problem_of(record.setting) != soap::problem_of(choice.setting) ||
        soap::method_of(record.setting) != soap::method_of(choice.setting) ||
        soap::choice_of(record.setting) != soap::choice_of(choice.setting))
      continue;
    accuracies.push_back(100 * soap::counted_accuracy(record));
    diverged += record.status == soap::TrialStatus::diverged ? 1 : 0;
  }
  if (accuracies.empty()) return "-";
  const auto all = soap::mean_and_deviation(accuracies);
  std::string text = soap::fixed(all.mean, 2);
  if (accuracies.size() > 1) text += " ± " + soap::fixed(all.deviation, 2);
  if (diverged > 0) text += " (" + std::to_string(diverged) + " diverged)";
  return text;
}

std::string table(const std::vector<soap::Selection>& selections,
                  const std::vector<soap::TrialRecord>& judged) {
  std::string text;
  std::string problem;
  std::vector<std::vector<std::string>> rows;
  const auto flush = [&] {
    if (rows.empty()) return;
    text += problem + "\n" +
            soap::text_table({"rule", "best setting", "edge", "validation %", "test accuracy %"}, rows) +
            "\n";
    rows.clear();
  };
  for (const soap::Selection& selection : selections) {
    const soap::Choice& best = selection.chosen();
    if (soap::problem_of(best.setting) != problem) flush();
    problem = soap::problem_of(best.setting);
    rows.push_back({soap::method_of(best.setting), soap::choice_of(best.setting),
                    selection.at_lower_edge ? "lowest" : (selection.at_upper_edge ? "highest" : ""),
                    soap::fixed(100 * best.accuracy, 2), percent(judged, best)});
  }
  flush();
  return text;
}

int stopped(const Settings& settings, const soap::TrialStore& store,
            const std::vector<soap::TrialSetting>& trials) {
  const std::size_t done = results(trials, store).size();
  std::cerr << "sweep: stopped by a signal; " << done << " of " << trials.size()
            << " trials are done and kept. To go on, run the same command again with --out "
            << settings.out.string() << '\n';
  return trial_app::signal_status_base + trial_app::stop_signal;
}

int sweep(Settings settings, const soap::SweepData& data, const std::string& config) {
  check_out(settings.out);
  const soap::TrialStore store(settings.out);
  soap::write_file_atomically(settings.out / "config.json", config);
  trial_app::watch_signals();
  std::vector<soap::Selection> selections;
  for (int extensions = 0;; ++extensions) {
    if (!run("tuning", settings.tuning, settings, data, store))
      return stopped(settings, store, settings.tuning);
    selections = soap::select_choices(results(settings.tuning, store));
    if (!settings.extend || extensions == most_extensions || !extend(settings, selections)) break;
  }
  const auto judging = soap::judging_trials(selections, settings.seeds);
  if (!run("judging", judging, settings, data, store)) return stopped(settings, store, judging);
  std::cout << '\n'
            << table(selections, results(judging, store))
            << "mean ± standard deviation over seeds; a diverged trial counts as guessing; edge: a "
               "better learning rate may lie beyond the grid\nresults in "
            << settings.out.string() << '\n'
            << std::flush;
  return command_line::done;
}

int sweep_main(int argc, const char* const* argv) {
  cxxopts::Options options = flags();
  const auto given = command_line::parse(options, argc, argv);
  if (!given) return command_line::done;
  if (given->count("version") > 0) {
    std::cout << "sweep of " << soap::build_info() << '\n';
    return command_line::done;
  }
  std::optional<std::string> source;
  if (given->count("data") > 0) source = (*given)["data"].as<std::string>();
  data_source::Digits digits = data_source::open(source);
  Settings settings = resolve(*given, digits);
  const soap::Index validation = settings.tuning.front().validation;
  if (validation >= digits.data.train.size()) {
    throw std::invalid_argument("--validation: found " + std::to_string(validation) +
                                ", expected fewer than the " +
                                soap::with_thousands(digits.data.train.size()) + " training images");
  }
  soap::TrainTest tuning = soap::hold_out(digits.data.train, validation);
  std::cout << "data: " << digits.description << "; " << soap::with_thousands(validation)
            << " of the training images to choose by\n"
            << settings.tuning.size() << " tuning trials (" << settings.tuning.size() / settings.seeds.size()
            << " settings x " << settings.seeds.size() << " seeds), then " << settings.seeds.size()
            << " for each rule's best setting\n"
            << std::flush;
  if (given->count("dry-run") > 0) return command_line::done;
  soap::RunConfig config;
  config.program = "sweep";
  config.command.assign(argv, argv + argc);
  config.data = digits.description;
  config.threads = settings.threads;
  for (const auto& trial : settings.tuning) config.trials.push_back(trial.options);
  const soap::SweepData data{.tuning = std::move(tuning), .judging = std::move(digits.data)};
  return sweep(std::move(settings), data, soap::config_json(config));
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("sweep", [&] { return sweep_main(argc, argv); });
}
