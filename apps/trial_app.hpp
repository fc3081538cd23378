// What the programs that run several trials share: flags for rules and seeds, the run itself, and how it
// ends.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/data/named_digits.hpp"
#include "soap/learn/progress.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/nn/optimizer.hpp"
#include "soap/sweep/grid.hpp"
#include "soap/trial/comparison.hpp"
#include "soap/trial/method.hpp"
#include "soap/trial/run_config.hpp"
#include "soap/trial/run_directory.hpp"
#include "soap/trial/runner.hpp"
#include "soap/trial/trial_files.hpp"

#include "command_line.hpp"
#include "process.hpp"
#include "world.hpp"

namespace trial_app {

inline constexpr int broke_off_status = 3;

/// What `--data` names, else the usual digits.
inline soap::NamedDigits open_data(const std::optional<std::string>& flag) {
  return flag ? soap::open_digits(*flag, "--data") : soap::usual_digits();
}

// Above these nothing useful can be meant, and counters or the machine would overflow.
inline constexpr std::int64_t most_seeds = 10'000;
inline constexpr std::int64_t most_threads = 1024;

/// The seeds of `--seed S` and `--seeds N` (S ... S + N - 1) or `--seeds A,B,...`; `--seed` alone asks for
/// that one.
inline std::vector<std::uint64_t> seeds(const cxxopts::ParseResult& given) {
  const auto first = command_line::integer(given, "seed", 0);
  const auto parts = soap::split(given["seeds"].as<std::string>(), ',');
  std::vector<std::uint64_t> found;
  if (parts.size() == 1) {
    const bool only_one = given.count("seed") > 0 && given.count("seeds") == 0;
    const auto count = only_one ? 1 : command_line::integer(given, "seeds", 1, most_seeds);
    // Those beyond could not be typed as a seed themselves.
    if (first > std::numeric_limits<std::int64_t>::max() - (count - 1)) {
      throw std::invalid_argument("--seed: found " + std::to_string(first) + " and " + std::to_string(count) +
                                  " seeds from there, expected none above " +
                                  std::to_string(std::numeric_limits<std::int64_t>::max()));
    }
    for (std::int64_t i = 0; i < count; ++i) found.push_back(static_cast<std::uint64_t>(first + i));
    return found;
  }
  if (given.count("seed") > 0) {
    throw std::invalid_argument("--seed: found a list in --seeds, expected one of the two flags");
  }
  const auto value = [](const std::string& part) {
    return std::to_string(soap::parse_integer("--seeds", part));
  };
  for (const auto& part : soap::distinct_values("--seeds", parts, value)) {
    const std::int64_t seed = soap::parse_integer("--seeds", part);
    if (seed < 0) throw std::invalid_argument("--seeds: found " + part + ", expected integers of at least 0");
    found.push_back(static_cast<std::uint64_t>(seed));
  }
  return found;
}

/// Throws std::invalid_argument for a list in `--hidden` where only one network can be meant.
inline void check_one_network(const cxxopts::ParseResult& given) {
  const auto text = given["hidden"].as<std::string>();
  if (text.find(',') == std::string::npos) return;
  std::string layers = text;
  std::replace(layers.begin(), layers.end(), ',', 'x');
  throw std::invalid_argument("--hidden: found '" + text + "', a list of networks as in sweep, expected " +
                              "one, as in '" + layers + "' for its layers");
}

/// The rules of `--rules`.
inline std::vector<std::string> rules(const cxxopts::ParseResult& given) {
  const auto spellings = soap::split(given["rules"].as<std::string>(), ',');
  return soap::distinct_values("--rules", spellings, soap::canonical_rule);
}

/// The steps of `--step`.
inline std::vector<std::string> steps(const cxxopts::ParseResult& given) {
  const auto spellings = soap::split(given["step"].as<std::string>(), ',');
  return soap::distinct_values("--step", spellings, soap::canonical_step);
}

/// Every rule under every step. A rule that is a step by itself comes once, if the ordinary step is among
/// them.
inline std::vector<soap::Method> methods(const std::vector<std::string>& rules,
                                         const std::vector<std::string>& steps) {
  const std::string ordinary = soap::TrialOptions().step;
  const bool has_ordinary = std::count(steps.begin(), steps.end(), ordinary) > 0;
  std::vector<soap::Method> all;
  for (const auto& step : steps) {
    for (const auto& rule : rules) {
      if (has_ordinary && step != ordinary && soap::Method(rule).is_step_by_itself()) continue;
      all.emplace_back(rule, step);
    }
  }
  return all;
}

/// One trial for each method and seed, seed by seed, alike in all else; in their canonical form.
inline std::vector<soap::TrialOptions> trials(soap::TrialOptions trial,
                                              const std::vector<soap::Method>& methods,
                                              const std::vector<std::uint64_t>& seeds) {
  std::vector<soap::TrialOptions> all;
  for (const auto seed : seeds) {
    for (const auto& method : methods) {
      trial.rule = method.rule();
      trial.step = method.step();
      trial.seed = seed;
      all.push_back(soap::canonical(trial));
    }
  }
  return all;
}

/// "0.01; adam, adamw, rmsprop: 0.001; pepita: 1": what holds without `--lr`.
inline std::string usual_rates() {
  const double base = soap::usual_lr(soap::TrialOptions());
  std::map<double, std::vector<std::string>> others;
  for (const auto& name : soap::optimizer_names()) {
    if (const auto rate = soap::usual_lr(name)) others[*rate].push_back(name);
  }
  for (const auto& name : soap::rule_names()) {
    const double rate = soap::Method(name).usual_lr();
    if (rate != base) others[rate].push_back(name);
  }
  std::string text = soap::to_text(base);
  for (const auto& [rate, names] : others)
    text += "; " + soap::join(names, ", ") + ": " + soap::to_text(rate);
  return text;
}

/// "lr 0.01", or "lr 0.01 (pepita 1)" where the trials of a seed have several: in the trials' order.
inline std::string rates_text(const std::vector<soap::TrialOptions>& trials) {
  std::vector<std::string> others;
  const soap::TrialOptions& first = trials.front();
  for (const auto& trial : trials) {
    if (trial.seed != first.seed || trial.lr == first.lr) continue;
    others.push_back(trial.rule + " " + soap::to_text(trial.lr));
  }
  return "lr " + soap::to_text(first.lr) + (others.empty() ? "" : " (" + soap::join(others, ", ") + ")");
}

/// `--threads`, else OpenMP's number.
inline int threads(const cxxopts::ParseResult& given) {
  if (given.count("threads") > 0)
    return static_cast<int>(command_line::integer(given, "threads", 1, most_threads));
  return std::min(soap::usable_threads(), static_cast<int>(most_threads));
}

/// Where the results of a run go.
struct Place {
  std::filesystem::path folder;
  bool is_asked_for = true;  ///< by `--out`; else another name will do where this one is taken
};

/// `--out`, else runs/NAME-DATE-TIME. Throws std::invalid_argument for an empty name, and for one of several
/// processes without `--out`.
inline Place place(const cxxopts::ParseResult& given, const std::string& name,
                   const sweep_app::World& world) {
  sweep_app::check_out_is_given(given, world);
  if (given.count("out") > 0) {
    std::filesystem::path out = given["out"].as<std::string>();
    if (out.empty()) throw std::invalid_argument("--out: found an empty name, expected a folder");
    return {.folder = std::move(out)};
  }
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> stamp{};
  std::strftime(stamp.data(), stamp.size(), "%Y%m%d-%H%M%S", &local);
  return {.folder = std::filesystem::path("runs") / (name + '-' + stamp.data()), .is_asked_for = false};
}

/// `--overwrite`, which only a folder that was asked for can need.
inline soap::IfExists if_exists(const cxxopts::ParseResult& given) {
  if (given.count("out") == 0) return soap::IfExists::choose_another;
  return given["overwrite"].as<bool>() ? soap::IfExists::overwrite : soap::IfExists::refuse;
}

/// For folders that nobody else should come to.
inline void warn_unless_held(const std::string& program, const std::filesystem::path& folder, bool is_held) {
  if (is_held) return;
  std::cerr << program << ": the file system of " << folder.string()
            << " knows no locks; see that no other program works in that folder\n";
}

/// The start of a trial's lines on a progress board: its method, padded to the longest one's length, and its
/// seed.
inline std::string label(const std::vector<soap::TrialOptions>& trials, std::size_t i) {
  std::size_t width = 0;
  for (const auto& trial : trials) width = std::max(width, soap::method_name(trial).size());
  const std::string own = soap::method_name(trials[i]);
  return own + std::string(width - own.size(), ' ') + "  seed " + std::to_string(trials[i].seed);
}

/// Adds observers to those of trial i.
using AddObservers = std::function<void(std::size_t i, std::vector<std::unique_ptr<soap::Observer>>&)>;

/// Runs the trials until they are done or a signal comes, with a line of progress for each, and writes
/// metrics.csv, summary.csv and, where the instruments are on, diagnostics.csv.
inline std::vector<soap::TrialResult> run(const soap::RunConfig& config, const soap::Dataset& train,
                                          const soap::Dataset& test, soap::RunDirectory& directory,
                                          const AddObservers& add_observers = {}) {
  process::watch_signals();
  soap::ProgressBoard board(std::cerr, {.terminal = soap::error_stream_is_terminal(),
                                        .runs = static_cast<std::int64_t>(config.trials.size()),
                                        .evaluated_on = config.validation > 0 ? "validation" : "test"});
  const auto observe = [&](std::size_t i) {
    std::vector<std::unique_ptr<soap::Observer>> observers;
    observers.push_back(board.watch(label(config.trials, i)));
    if (add_observers) add_observers(i, observers);
    return observers;
  };
  auto results = soap::run_trials(config.trials, train, test,
                                  {.threads = config.threads,
                                   .stop_requested = process::stop_requested,
                                   .observe = observe,
                                   .files = soap::trial_files(config, directory.path()),
                                   .finished = [&](const soap::TrialResult& result) {
                                     directory.append_metrics(result.metrics_rows);
                                     directory.append_diagnostics(result.diagnostics_rows);
                                   }});
  directory.write_summary(soap::summary_csv(results));
  // They are in the tables, and much memory if the runs were long.
  for (auto& result : results) result.metrics_rows = result.diagnostics_rows = std::string();
  return results;
}

/// Whether there is anything to draw.
inline bool any_rows(const std::vector<soap::TrialResult>& results) {
  return std::any_of(results.begin(), results.end(),
                     [](const auto& result) { return !result.curve.steps.empty(); });
}

/// Says on standard error which trials diverged or failed, and how, and whether a signal ended the program,
/// and then what can be done about that; returns the program's exit status.
inline int conclude(const std::string& program, const std::vector<soap::TrialResult>& results,
                    std::size_t planned, const std::string& advice = "") {
  int status = command_line::done;
  for (const auto& result : results) {
    if (!soap::broke_off(result.status)) continue;
    std::cerr << program << ": " << soap::method_name(result.options) << ", seed " << result.options.seed
              << ": " << soap::printable(result.message) << '\n';
    status = broke_off_status;
  }
  if (!process::stop_requested()) return status;
  const auto finished = std::count_if(results.begin(), results.end(), [](const auto& result) {
    return result.status == soap::TrialStatus::finished;
  });
  std::cerr << program << ": stopped by a signal; " << finished << " of " << planned
            << " runs had finished, what there is was saved" << (advice.empty() ? "" : "; " + advice) << '\n';
  return process::stopped_status();
}

}  // namespace trial_app
