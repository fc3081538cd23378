// Trains one network under several learning rules side by side and compares them.
#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "soap/base/foreign_text.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/data/fingerprint.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/linalg/build_info.hpp"
#include "soap/plot/curves.hpp"
#include "soap/plot/diagnostics_figure.hpp"
#include "soap/trial/memory.hpp"
#include "soap/trial/trial_settings.hpp"

#include "command_line.hpp"
#include "flag_help.hpp"
#include "resume.hpp"
#include "setting_flags.hpp"
#include "trial_app.hpp"

namespace {

struct Settings {
  std::optional<std::string> data;
  soap::Index validation = 0;
  soap::RunConfig config;  // its trials go seed by seed, all methods of a seed together
  std::size_t methods = 0;
  std::string command;  // that the program was called by
  std::filesystem::path out;
  soap::IfExists if_exists = soap::IfExists::refuse;
  bool dry_run = false;
  std::string config_text;  // of the run to go on with; empty for a new one
};

// The settings that have flags here.
const setting_flags::Use& setting_use() {
  using enum soap::SettingRole;
  static const setting_flags::Use use{.roles = {method, problem, start, training, logging},
                                      .usual = {{"rules", "bp,fa,sign"}, {"lr", ""}},
                                      .notes = {{"lr", " (default: " + trial_app::usual_rates() + ")"}}};
  return use;
}

cxxopts::Options flags() {
  const auto text = [](const std::string& value) {
    return cxxopts::value<std::string>()->default_value(value);
  };
  cxxopts::Options options(
      "mnist_train",
      "Trains a multilayer perceptron on handwritten digits under several learning rules from the "
      "same weights and minibatches, and compares them.");
  auto add = options.add_options();
  add("data",
      "folder with MNIST's files, or synthetic:train=N:test=N:seed=N (default: SOAP_DATA_DIR, else "
      "data/mnist, "
      "else synthetic)",
      cxxopts::value<std::string>(), "DIR");
  add("validation",
      "hold out N training images, drawn from each class, and judge by them instead of the test set: to "
      "choose settings",
      cxxopts::value<std::string>(), "N");
  setting_flags::add(soap::trial_settings, setting_use(), options);
  add("seed", "the first seed", text("1"), "N");
  add("seeds", "how many seeds, or a list of two or more", text("3"), "N or LIST");
  add("threads", "threads in all (default: OMP_NUM_THREADS, else all cores)", cxxopts::value<std::string>(),
      "N");
  add("target-loss", "training loss for the steps-to-loss comparison", text("0.3"), "NUMBER");
  add("save-model", "write each trained network into models/ of the run directory, as safetensors");
  add("checkpoint-every",
      "save each run every K steps into checkpoints/ of the run directory, so that --resume can go on with "
      "it",
      cxxopts::value<std::string>(), "K");
  add("resume",
      "go on with the run in this directory, which had --checkpoint-every, as if nothing had stopped it; "
      "only --threads may stand beside it",
      cxxopts::value<std::string>(), "DIR");
  add("out", "run directory (default: runs/mnist-DATE-TIME)", cxxopts::value<std::string>(), "DIR");
  add("overwrite", "replace the results in an existing run directory");
  add("dry-run", "print the resolved configuration and stop");
  add("version", "print versions and the instruction set in use");
  add("help", "print this text");
  return options;
}

Settings resolve(const cxxopts::ParseResult& given) {
  trial_app::check_one_network(given);
  const soap::TrialOptions trial = setting_flags::read(soap::trial_settings, setting_use(), given, {});
  const bool own_rate = given.count("lr") > 0;
  Settings settings;
  const auto methods = trial_app::methods(trial_app::rules(given), trial_app::steps(given));
  settings.methods = methods.size();
  settings.config.trials = trial_app::trials(trial, methods, trial_app::seeds(given));
  for (auto& each : settings.config.trials) {
    if (!own_rate) each.lr = soap::usual_lr(each);
  }
  if (given.count("data") > 0) settings.data = given["data"].as<std::string>();
  if (given.count("validation") > 0) settings.validation = command_line::integer(given, "validation", 1);
  settings.config.threads = trial_app::threads(given);
  settings.config.target_loss = command_line::positive_number(given, "target-loss");
  settings.out = trial_app::place(given, "mnist", sweep_app::tasks_of_one_start()).folder;
  settings.if_exists = trial_app::if_exists(given);
  settings.dry_run = given["dry-run"].as<bool>();
  settings.config.save_model = given["save-model"].as<bool>();
  if (given.count("checkpoint-every") > 0)
    settings.config.checkpoint_every = command_line::integer(given, "checkpoint-every", 1);
  return settings;
}

// The settings of a run that was stopped, from its directory.
Settings resolve_resumed(const cxxopts::ParseResult& given) {
  resume::Run run = resume::open(given, "mnist_train");
  Settings settings;
  settings.config = std::move(run.config);
  settings.config_text = std::move(run.config_text);
  settings.out = std::move(run.directory);
  settings.if_exists = soap::IfExists::resume;
  settings.data = settings.config.data_source;
  settings.validation = settings.config.validation;
  const auto& trials = settings.config.trials;
  settings.methods = static_cast<std::size_t>(std::count_if(
      trials.begin(), trials.end(), [&](const auto& trial) { return trial.seed == trials.front().seed; }));
  return settings;
}

std::string count(std::size_t number, const std::string& noun) {
  return std::to_string(number) + ' ' + noun + (number == 1 ? "" : "s");
}

std::size_t runs_at_a_time(const Settings& settings) {
  return std::min(settings.config.trials.size(), static_cast<std::size_t>(settings.config.threads));
}

std::string join_sizes(const std::vector<soap::Index>& sizes, const std::string& separator) {
  std::vector<std::string> texts;
  texts.reserve(sizes.size());
  for (const auto size : sizes) texts.push_back(std::to_string(size));
  return soap::join(texts, separator);
}

// A size with a few zeros too many shall not end in the system killing the program.
void check_memory(const Settings& settings, soap::Index inputs, soap::Index outputs) {
  constexpr double gibibyte = 1 << 30;
  const double needed = static_cast<double>(runs_at_a_time(settings)) *
                        soap::trial_memory(settings.config.trials.front(), inputs, outputs);
  const double there = soap::machine_memory();
  if (needed <= there) return;
  throw std::invalid_argument("--hidden: found '" + join_sizes(settings.config.trials.front().hidden, "x") +
                              "', which takes " + soap::fixed(needed / gibibyte, 1) + " GiB for " +
                              count(runs_at_a_time(settings), "run") + " at a time, expected at most the " +
                              soap::fixed(there / gibibyte, 1) + " GiB of this machine");
}

// The settings that a line does not always tell, where they are not as usual.
std::string unusual(const soap::TrialOptions& trial, const std::set<std::string_view>& told) {
  constexpr std::array roles = {soap::SettingRole::problem, soap::SettingRole::start,
                                soap::SettingRole::training};
  std::string text;
  soap::for_each_setting(soap::trial_settings, roles, [&](const auto& row) {
    if (!told.contains(row.key) && !row.is_usual(trial)) text += ", " + row.words(trial);
  });
  return text;
}

// One line that says what is about to run.
std::string describe(const Settings& settings, const soap::TrainTest& data) {
  const auto& trials = settings.config.trials;
  const auto& trial = trials.front();
  const bool all_ordinary = std::all_of(
      trials.begin(), trials.end(), [](const auto& other) { return soap::method_name(other) == other.rule; });
  std::vector<soap::Index> sizes = {data.train.features()};
  sizes.insert(sizes.end(), trial.hidden.begin(), trial.hidden.end());
  sizes.push_back(data.train.outputs());
  return join_sizes(sizes, "-") + ' ' + trial.activation + ", " + trial.optimizer + ", " +
         trial_app::rates_text(trials) + ", batch " + std::to_string(trial.batch_size) + ", epochs " +
         std::to_string(trial.epochs) +
         unusual(trial, {"hidden", "activation", "optimizer", "lr", "batch_size", "epochs"}) + ": " +
         count(settings.methods, all_ordinary ? "rule" : "method") + " x " +
         count(trials.size() / settings.methods, "seed");
}

void draw_curves(const soap::RunDirectory& directory, const Settings& settings, const std::string& setting) {
  const soap::CurvesOptions options{.title = setting, .target_loss = settings.config.target_loss};
  soap::write_png(soap::curves_figure(soap::read_curves(directory.metrics()), options), directory.curves());
}

void draw_diagnostics(const soap::RunDirectory& directory, const std::string& setting) {
  if (soap::kind_of(directory.diagnostics(), "a diagnostics.csv") == soap::FileKind::none) return;
  soap::write_png(
      soap::diagnostics_figure(soap::read_diagnostics(directory.diagnostics()),
                               {.title = setting, .accuracies = soap::read_accuracies(directory.metrics())}),
      directory.diagnostics_picture());
}

int train(const Settings& settings, std::optional<soap::NamedDigits> digits) {
  const std::string setting = describe(settings, digits->data);
  const std::size_t width = command_line::page_width();
  std::cout << soap::wrapped("data: " + digits->description, width) << '\n'
            << soap::wrapped(setting, width) << '\n'
            << std::flush;
  soap::RunDirectory directory(
      settings.out, settings.if_exists,
      settings.config_text.empty() ? soap::config_json(settings.config) : settings.config_text);
  trial_app::warn_unless_held("mnist_train", directory.path(), directory.is_held());

  const auto results = trial_app::run(settings.config, digits->data.train, digits->data.test, directory);
  digits.reset();  // the picture takes about as much memory
  if (trial_app::any_rows(results)) draw_curves(directory, settings, setting);
  draw_diagnostics(directory, setting);
  const double target = settings.config.target_loss;
  const auto comparison = soap::compare_rules(results, target);
  const std::string measured_on = settings.validation > 0 ? "validation" : "test";
  soap::write_file_atomically(directory.comparison(), soap::comparison_csv(comparison, target, measured_on));
  std::cout << '\n'
            << soap::comparison_table(comparison, target, measured_on, width) << '\n'
            << soap::wrapped("mean ± standard deviation over seeds; steps: median; results in " +
                                 soap::printable(directory.path().string()),
                             width)
            << '\n'
            << std::flush;
  return trial_app::conclude("mnist_train", results, settings.config.trials.size(),
                             settings.config.checkpoint_every > 0
                                 ? std::string("go on with: ")
                                       .append(settings.command)
                                       .append(" ")
                                       .append(soap::shell_command({"--resume", directory.path().string()}))
                                 : "a run that has --checkpoint-every can go on from there");
}

int mnist_train(int argc, const char* const* argv) {
  cxxopts::Options options = flags();
  const auto given = command_line::parse(options, argc, argv);
  if (!given) return command_line::done;
  if (flag_help::answered(*given)) return command_line::done;
  if (given->count("version") > 0) {
    std::cout << "mnist_train of " << soap::build_info() << '\n';
    return command_line::done;
  }
  const bool resumed = given->count("resume") > 0;
  Settings settings = resumed ? resolve_resumed(*given) : resolve(*given);
  settings.command = process::command(argv);
  if (!resumed) {
    settings.config.program = "mnist_train";
    settings.config.command.assign(argv, argv + argc);
  }
  // Names and values are checked before the data take their time.
  constexpr soap::Index mnist_features = 784;
  constexpr soap::Index mnist_classes = 10;
  check_memory(settings, mnist_features, mnist_classes);
  for (std::size_t i = 0; i < settings.methods; ++i)
    soap::check_trial(settings.config.trials[i], mnist_features, mnist_classes);
  soap::NamedDigits digits = trial_app::open_data(settings.data);
  if (settings.validation > 0) soap::hold_out(digits, settings.validation, "--validation");
  if (resumed) {
    resume::check_data(settings.config, digits);
  } else {
    settings.config.data = digits.description;
    settings.config.data_source = digits.source;
    settings.config.validation = settings.validation;
    settings.config.data_fingerprint = soap::to_hex(soap::fingerprint(digits.data));
  }
  settings.config.normalization = digits.data.train.normalization();
  if (settings.dry_run) {
    std::cout << soap::config_json(settings.config);
    return command_line::done;
  }
  return train(settings, std::move(digits));
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("mnist_train", [&] { return mnist_train(argc, argv); });
}
