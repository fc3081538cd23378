// The flags of a sweep, and the trials that they ask for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/data/named_digits.hpp"
#include "soap/report/sweep_summary.hpp"
#include "soap/sweep/budget.hpp"
#include "soap/sweep/grid.hpp"
#include "soap/sweep/rate_grid.hpp"
#include "soap/sweep/selection.hpp"
#include "soap/trial/run_config.hpp"
#include "soap/trial/trial_settings.hpp"

#include "command_line.hpp"
#include "flag_help.hpp"
#include "setting_flags.hpp"
#include "trial_app.hpp"
#include "world.hpp"

namespace sweep_app {

inline constexpr std::size_t most_trials = 10'000'000;

struct Settings {
  std::vector<soap::TrialSetting> tuning;  // seed by seed innermost
  std::vector<std::uint64_t> seeds;
  soap::RateGrid rates;
  trial_app::Place place;
  soap::SweepSummaryOptions report;
  World world;
  int threads = 1;
  bool extend = false;
  bool halving = false;
  std::size_t variance_seeds = 0;  // 0: the sources of variance are not told apart
};

// The settings that have flags here.
inline const setting_flags::Use& setting_use() {
  using enum soap::SettingRole;
  static const setting_flags::Use use{
      .roles = {method, problem, start, training},
      .takes = setting_flags::Takes::list,
      .usual = {{"rules", "bp,fa"}, {"lr", "log:1e-3:1:7"}, {"hidden", "100"}, {"epochs", "1"}},
      .notes = {{"lr",
                 "; without it a rule or optimizer whose usual rate is another has as many, from a tenth of "
                 "that to a hundredfold (usual: " +
                     trial_app::usual_rates() + ")"}}};
  return use;
}

inline cxxopts::Options flags() {
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
  add("validation", "hold out N training images to choose by, drawn from each class", text("10000"), "N");
  setting_flags::add(soap::trial_settings, setting_use(), options);
  add("seed", "the first seed", text("1"), "N");
  add("seeds", "how many seeds, or a list of two or more; 5 decide nothing", text("10"), "N or LIST");
  add("evaluations", "validation points an epoch, for curves", text("4"), "N");
  add("target-loss", "training loss for the steps-to-loss comparison", text("0.3"), "NUMBER");
  add("budget",
      "at most N tuning trials for each rule: of a larger grid settings are drawn at random, the same for "
      "all "
      "rules",
      cxxopts::value<std::string>(), "N");
  add("halving",
      "successive halving: all settings with one seed, the better half of each rule's with 2, then 4, ...");
  add("extend",
      "while a rule's best learning rate lies at the edge, widen the grid for all rules, ten times at most");
  add("variance",
      "tell where the variance comes from: the first N seeds are judged again with only the initial weights, "
      "only the order of examples and only the feedback of another seed",
      cxxopts::value<std::string>(), "N");
  add("threads", "trials side by side (default: OMP_NUM_THREADS, else all cores)",
      cxxopts::value<std::string>(), "N");
  add("rank", "this process among those that share --out, from 0 (default: from mpirun or Slurm)",
      cxxopts::value<std::string>(), "N");
  add("world-size", "how many processes share --out", cxxopts::value<std::string>(), "N");
  add("report",
      "write DIR/report from the results in a sweep's folder DIR, and stop; see --baseline and --margin",
      cxxopts::value<std::string>(), "DIR");
  add("baseline", "the rule that the report compares the others with", text("bp"), "RULE");
  add("margin",
      "a difference that does not matter, in points of accuracy: the report then also tests whether rules "
      "are no "
      "worse than the baseline by more, or equal to it within that",
      cxxopts::value<std::string>(), "POINTS");
  add("dry-run", "say what would be run, count the trials and stop");
  add("version", "print versions and the instruction set in use");
  add("help", "print this text");
  return options;
}

using Option = soap::TrialOptions;
using Setter = setting_flags::Setter<Option>;

// Refuses two spellings of one value: those with which the first trial becomes the same.
inline void check_distinct(const std::string& flag, const Option& first,
                           const std::vector<std::string>& values, const Setter& set) {
  (void)soap::distinct_values(flag, values, [&](const std::string& value) {
    Option trial = first;
    set(trial, value);
    return soap::trial_text(trial);
  });
}

// All trials so far, once with each value.
inline void cross(std::vector<Option>& trials, const std::vector<std::string>& values, const Setter& set) {
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

// The settings of one method, but for its seeds, in their canonical form.
inline std::vector<Option> grid(const cxxopts::ParseResult& given) {
  std::vector<Option> trials(1);
  const auto axis = [&](const std::string& name, const Setter& set) {
    if (!setting_flags::is_there(given, name)) return;
    const auto values = soap::parse_values("--" + name, given[name].as<std::string>());
    check_distinct("--" + name, trials.front(), values, set);
    cross(trials, values, set);
  };
  // Innermost, so that all rates of a setting stand side by side.
  Setter rate;
  setting_flags::for_each_flag(soap::trial_settings, setting_use(),
                               [&](const std::string& name, const Setter& set) {
                                 if (name == "lr") {
                                   rate = set;
                                 } else {
                                   axis(name, set);
                                 }
                               });
  axis("lr", rate);
  std::transform(trials.begin(), trials.end(), trials.begin(), soap::canonical);
  return trials;
}

inline soap::SweepSummaryOptions report_options(const cxxopts::ParseResult& given) {
  soap::SweepSummaryOptions options{.baseline = soap::canonical_method(given["baseline"].as<std::string>())};
  if (given.count("margin") == 0) return options;
  constexpr double points = 100;  // of a share of 1
  const double margin = command_line::positive_number(given, "margin");
  if (margin >= points) {
    throw std::invalid_argument("--margin: found '" + given["margin"].as<std::string>() +
                                "', expected points of accuracy above 0 and below 100");
  }
  options.margin = margin / points;
  return options;
}

inline void check_baseline(const Settings& settings) {
  std::vector<std::string> methods;
  for (const soap::TrialSetting& trial : settings.tuning) {
    std::string method = soap::method_of(trial);
    if (method == settings.report.baseline) return;
    if (std::find(methods.begin(), methods.end(), method) == methods.end())
      methods.push_back(std::move(method));
  }
  throw std::invalid_argument("--baseline: found '" + settings.report.baseline +
                              "', expected one of the methods: " + soap::join(methods, "; "));
}

inline Settings resolve(const cxxopts::ParseResult& given, const soap::NamedDigits& digits) {
  Settings settings;
  settings.seeds = trial_app::seeds(given);
  settings.report = report_options(given);
  settings.world = world(given);
  settings.threads = trial_app::threads(given);
  settings.extend = given.count("extend") > 0;
  settings.halving = given.count("halving") > 0;
  for (const char* other : {"budget", "halving"}) {
    if (settings.extend && given.count(other) > 0) {
      throw std::invalid_argument(std::string("--extend: found it with --") + other +
                                  ", whose trials are counted before it starts, expected one of them");
    }
  }
  if (given.count("variance") > 0) {
    const auto seeds = static_cast<std::int64_t>(settings.seeds.size());
    if (seeds < 2) {
      throw std::invalid_argument("--variance: found one seed, expected two or more in --seeds");
    }
    settings.variance_seeds = static_cast<std::size_t>(command_line::integer(given, "variance", 2, seeds));
  }
  settings.place = trial_app::place(given, "sweep", settings.world);
  soap::TrialSetting setting;
  setting.data = soap::data_identity(digits.data);
  setting.validation = command_line::integer(given, "validation", 1);
  setting.evaluations = command_line::integer(given, "evaluations", 1, 1000);
  setting.target_loss = command_line::positive_number(given, "target-loss");
  const auto methods = trial_app::methods(trial_app::rules(given), trial_app::steps(given));
  settings.rates = soap::RateGrid(given.count("lr") == 0);
  std::vector<Option> choices = grid(given);
  if (given.count("budget") > 0) {
    choices =
        soap::within_budget(choices,
                            {.trials = static_cast<std::size_t>(command_line::integer(given, "budget", 1)),
                             .who = "--budget",
                             .halving = settings.halving},
                            settings.seeds);
  }
  for (const Option& options : choices) {
    settings.rates.add(options.lr);
    for (const auto& method : methods) {
      setting.options = options;
      setting.options.rule = method.rule();
      setting.options.step = method.step();
      setting.options.lr = settings.rates.rate_for(options.lr, setting.options);
      soap::check_trial(setting.options, digits.data.train.features(), digits.data.train.outputs());
      for (const auto seed : settings.seeds) {
        setting.options.seed = seed;
        settings.tuning.push_back(setting);
      }
    }
  }
  if (given.count("baseline") > 0) check_baseline(settings);
  if (settings.extend && settings.rates.rates().size() < 2)
    throw std::invalid_argument("--extend: found one learning rate, expected a grid of two or more in --lr");
  return settings;
}

}  // namespace sweep_app
