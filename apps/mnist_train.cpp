// Trains one network under several learning rules side by side and compares them.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/version.hpp"
#include "soap/experiment/comparison.hpp"
#include "soap/experiment/run_config.hpp"
#include "soap/experiment/run_directory.hpp"
#include "soap/experiment/runner.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/learn/progress.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/nn/activation.hpp"
#include "soap/plot/curves.hpp"

#include "command_line.hpp"
#include "data_source.hpp"

namespace {

constexpr int diverged_status = 3;
constexpr int signal_status_base = 128;

volatile std::sig_atomic_t stop_signal = 0;

// The first signal asks for an orderly end; the second one is the system's own again.
extern "C" void remember_signal(int signal) {
  stop_signal = signal;
  std::signal(signal, SIG_DFL);
}

struct Settings {
  std::optional<std::string> data;
  soap::RunConfig config;  // its trials go seed by seed, all rules of a seed together
  std::size_t rules = 0;
  std::filesystem::path out;
  soap::IfExists if_exists = soap::IfExists::refuse;
  bool dry_run = false;
};

cxxopts::Options flags() {
  const soap::TrialOptions defaults;
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
  add("rules",
      "rules to compare: " + soap::join(soap::feedback_names(), ", ") +
          "; parameters follow a colon, as in sign:period=6400:scale=norm",
      text("bp,fa,sign:period=6400"), "LIST");
  add("hidden", "units of each hidden layer, or none", text("256"), "LIST");
  add("activation", soap::join(soap::activation_names(), ", "), text(defaults.activation), "NAME");
  add("init", "initial weights: " + soap::join(soap::initializer_names(), ", "), text(defaults.initializer),
      "NAME");
  add("optimizer", soap::join(soap::optimizer_names(), ", "), text(defaults.optimizer), "NAME");
  add("lr", "learning rate", text(soap::to_text(defaults.lr)), "NUMBER");
  add("momentum", "of sgd", cxxopts::value<std::string>(), "NUMBER");
  add("weight-decay", "of any optimizer", cxxopts::value<std::string>(), "NUMBER");
  add("schedule",
      "of the learning rate: constant, multi_step:epochs=5/8:factor=0.1, cosine:final=0; each takes "
      "warmup=STEPS",
      text(defaults.schedule), "NAME");
  add("batch-size", "examples in a minibatch", text(std::to_string(defaults.batch_size)), "N");
  add("epochs", "passes over the training set", text(std::to_string(defaults.epochs)), "N");
  add("seed", "the first seed", text("1"), "N");
  add("seeds", "how many seeds, or a list of two or more", text("3"), "N or LIST");
  add("threads", "threads in all (default: OMP_NUM_THREADS, else all cores)", cxxopts::value<std::string>(),
      "N");
  add("target-loss", "training loss for the steps-to-loss comparison", text("0.3"), "NUMBER");
  add("log-interval", "steps between rows of metrics.csv", text(std::to_string(defaults.log_interval)), "N");
  add("out", "run directory (default: runs/mnist-DATE-TIME)", cxxopts::value<std::string>(), "DIR");
  add("overwrite", "replace the results in an existing run directory");
  add("dry-run", "print the resolved configuration and stop");
  add("version", "print versions");
  add("help", "print this text");
  return options;
}

std::vector<std::uint64_t> parse_seeds(const cxxopts::ParseResult& given) {
  const auto first = command_line::integer(given, "seed", 0);
  const auto parts = soap::split(given["seeds"].as<std::string>(), ',');
  std::vector<std::uint64_t> seeds;
  if (parts.size() == 1) {
    // --seed alone asks for that one seed.
    const bool only_one = given.count("seed") > 0 && given.count("seeds") == 0;
    const auto count = only_one ? 1 : command_line::integer(given, "seeds", 1);
    for (std::int64_t i = 0; i < count; ++i) seeds.push_back(static_cast<std::uint64_t>(first + i));
    return seeds;
  }
  if (given.count("seed") > 0)
    throw std::invalid_argument("--seed: found a list in --seeds, expected one of the two flags");
  for (const auto& part : parts) {
    const std::int64_t seed = soap::parse_integer("--seeds", part);
    if (seed < 0) throw std::invalid_argument("--seeds: found " + part + ", expected integers of at least 0");
    if (std::count(seeds.begin(), seeds.end(), static_cast<std::uint64_t>(seed)) > 0) {
      throw std::invalid_argument("--seeds: found " + part + " twice");
    }
    seeds.push_back(static_cast<std::uint64_t>(seed));
  }
  return seeds;
}

std::vector<soap::Index> parse_hidden(const std::string& text) {
  std::vector<soap::Index> sizes;
  if (text == "none") return sizes;
  for (const auto& part : soap::split(text, ',')) {
    const std::int64_t size = soap::parse_integer("--hidden", part);
    if (size < 1)
      throw std::invalid_argument("--hidden: found " + part + ", expected sizes of at least 1, or none");
    sizes.push_back(size);
  }
  return sizes;
}

std::string parse_optimizer(const cxxopts::ParseResult& given) {
  auto text = given["optimizer"].as<std::string>();
  if (given.count("momentum") > 0) text += ":momentum=" + given["momentum"].as<std::string>();
  if (given.count("weight-decay") > 0) text += ":weight_decay=" + given["weight-decay"].as<std::string>();
  return text;
}

std::string default_run_directory() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> stamp{};
  std::strftime(stamp.data(), stamp.size(), "%Y%m%d-%H%M%S", &local);
  return std::string("runs/mnist-") + stamp.data();
}

Settings resolve(const cxxopts::ParseResult& given) {
  soap::TrialOptions trial;
  trial.hidden = parse_hidden(given["hidden"].as<std::string>());
  trial.activation = given["activation"].as<std::string>();
  trial.initializer = given["init"].as<std::string>();
  trial.optimizer = parse_optimizer(given);
  trial.lr = command_line::positive_number(given, "lr");
  trial.schedule = given["schedule"].as<std::string>();
  trial.batch_size = command_line::integer(given, "batch-size", 1);
  trial.epochs = command_line::integer(given, "epochs", 1);
  trial.log_interval = command_line::integer(given, "log-interval", 1);

  const auto rules = soap::split(given["rules"].as<std::string>(), ',');
  const auto seeds = parse_seeds(given);
  Settings settings;
  for (const auto seed : seeds) {
    for (const auto& rule : rules) {
      trial.rule = rule;
      trial.seed = seed;
      settings.config.trials.push_back(trial);
    }
  }
  for (const auto& rule : rules) {
    if (std::count(rules.begin(), rules.end(), rule) > 1)
      throw std::invalid_argument("--rules: found '" + rule + "' twice");
  }
  settings.rules = rules.size();
  if (given.count("data") > 0) settings.data = given["data"].as<std::string>();
  settings.config.threads = given.count("threads") > 0
                                ? static_cast<int>(command_line::integer(given, "threads", 1))
                                : soap::usable_threads();
  settings.config.target_loss = command_line::positive_number(given, "target-loss");
  settings.out = given.count("out") > 0 ? given["out"].as<std::string>() : default_run_directory();
  settings.if_exists = given.count("overwrite") > 0 ? soap::IfExists::overwrite : soap::IfExists::refuse;
  settings.dry_run = given.count("dry-run") > 0;
  return settings;
}

std::string join_sizes(const std::vector<soap::Index>& sizes) {
  std::string text;
  for (const auto size : sizes) text += std::to_string(size) + '-';
  return text;
}

// One line that says what is about to run.
std::string describe(const Settings& settings, const soap::TrainTest& data) {
  const auto& trials = settings.config.trials;
  const auto& trial = trials.front();
  return std::to_string(data.train.features()) + '-' + join_sizes(trial.hidden) +
         std::to_string(data.train.outputs()) + ' ' + trial.activation + ", " + trial.optimizer + ", lr " +
         soap::to_text(trial.lr) + ", batch " + std::to_string(trial.batch_size) + ", epochs " +
         std::to_string(trial.epochs) + ": " + std::to_string(settings.rules) + " rules x " +
         std::to_string(trials.size() / settings.rules) + " seeds";
}

std::string label(const Settings& settings, std::size_t i) {
  std::size_t width = 0;
  for (const auto& trial : settings.config.trials) width = std::max(width, trial.rule.size());
  const auto& trial = settings.config.trials[i];
  return trial.rule + std::string(width - trial.rule.size(), ' ') + "  seed " + std::to_string(trial.seed);
}

void draw_curves(const soap::RunDirectory& directory, const Settings& settings, const std::string& setting) {
  const soap::CurvesOptions options{.title = setting, .target_loss = settings.config.target_loss};
  soap::write_png(soap::curves_figure(soap::read_curves(directory.metrics()), options), directory.curves());
}

// Prints what became of the runs; returns the exit status.
int report(const std::vector<soap::TrialResult>& results, const Settings& settings,
           const std::filesystem::path& out) {
  const double target = settings.config.target_loss;
  std::cout << '\n' << soap::comparison_table(soap::compare_rules(results, target), target);
  std::cout << "\nmean ± standard deviation over seeds; steps: median; results in " << out.string() << '\n';
  int status = command_line::done;
  for (const auto& result : results) {
    if (result.status != soap::TrialStatus::diverged) continue;
    std::cerr << "mnist_train: " << result.options.rule << ", seed " << result.options.seed << ": "
              << result.message << '\n';
    status = diverged_status;
  }
  if (stop_signal != 0) {
    const auto finished = std::count_if(results.begin(), results.end(), [](const auto& result) {
      return result.status == soap::TrialStatus::finished;
    });
    std::cerr << "mnist_train: stopped by a signal; " << finished << " of " << settings.config.trials.size()
              << " runs had finished, what there is was saved\n";
    status = signal_status_base + stop_signal;
  }
  return status;
}

int train(const Settings& settings, const data_source::Digits& digits) {
  const std::string setting = describe(settings, digits.data);
  std::cout << "data: " << digits.description << '\n' << setting << '\n' << std::flush;
  soap::RunDirectory directory(settings.out, settings.if_exists, soap::config_json(settings.config));

  std::signal(SIGINT, remember_signal);
  std::signal(SIGTERM, remember_signal);
  std::vector<soap::TrialResult> results;
  {
    soap::ProgressBoard board(std::cerr, {.terminal = soap::error_stream_is_terminal(),
                                          .runs = static_cast<std::int64_t>(settings.config.trials.size())});
    results = soap::run_trials(
        settings.config.trials, digits.data.train, digits.data.test,
        {.threads = settings.config.threads,
         .stop_requested = [] { return stop_signal != 0; },
         .observe = [&](std::size_t i) { return board.watch(label(settings, i)); },
         .finished =
             [&](const soap::TrialResult& result) { directory.append_metrics(result.metrics_rows); }});
  }
  directory.write_summary(soap::summary_csv(results));
  const bool any_rows =
      std::any_of(results.begin(), results.end(), [](const auto& r) { return !r.curve.steps.empty(); });
  if (any_rows) draw_curves(directory, settings, setting);
  return report(results, settings, directory.path());
}

int mnist_train(int argc, const char* const* argv) {
  cxxopts::Options options = flags();
  const auto given = command_line::parse(options, argc, argv);
  if (!given) return command_line::done;
  if (given->count("version") > 0) {
    std::cout << "mnist_train " << soap::version() << '\n';
    return command_line::done;
  }
  Settings settings = resolve(*given);
  settings.config.program = "mnist_train";
  settings.config.command.assign(argv, argv + argc);
  // The sizes of MNIST: names and values are checked before the data take their time.
  for (std::size_t i = 0; i < settings.rules; ++i) soap::check_trial(settings.config.trials[i], 784, 10);
  const data_source::Digits digits = data_source::open(settings.data);
  settings.config.data = digits.description;
  if (settings.dry_run) {
    std::cout << soap::config_json(settings.config);
    return command_line::done;
  }
  return train(settings, digits);
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("mnist_train", [&] { return mnist_train(argc, argv); });
}
