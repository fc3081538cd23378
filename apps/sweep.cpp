// Finds the best learning rate of each rule on validation images, then judges each by the test set.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "soap/base/fingerprint.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/data/fingerprint.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/folder.hpp"
#include "soap/io/folder_lock.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/build_info.hpp"
#include "soap/nn/activation.hpp"
#include "soap/report/report_folder.hpp"
#include "soap/report/report_words.hpp"
#include "soap/report/sweep_verdict.hpp"
#include "soap/report/variance_sources.hpp"
#include "soap/statistics/moments.hpp"
#include "soap/sweep/halving.hpp"
#include "soap/sweep/selection.hpp"
#include "soap/sweep/sweep_runner.hpp"
#include "soap/sweep/trial_timings.hpp"

#include "command_line.hpp"
#include "flag_help.hpp"
#include "process.hpp"
#include "sweep_extend.hpp"
#include "sweep_plan.hpp"
#include "sweep_progress.hpp"
#include "sweep_settings.hpp"
#include "sweep_table.hpp"
#include "trial_app.hpp"
#include "world.hpp"

namespace {

using sweep_app::Settings;

constexpr int most_widenings = 10;

// A folder of somebody else's is left alone.
void check_out(const std::filesystem::path& out) {
  const soap::FileKind kind = soap::kind_of(out, "a folder or a new name");
  if (kind == soap::FileKind::none) return;
  if (kind != soap::FileKind::folder) {
    throw std::invalid_argument("--out: found '" + out.string() + "', " + to_text(kind) +
                                ", expected a folder or a new name");
  }
  soap::refuse_link(out / "report");
  if (soap::is_unused(out) || soap::kind_of(out / "trials", "results of a sweep") == soap::FileKind::folder)
    return;
  throw std::invalid_argument("--out: found '" + out.string() +
                              "', which holds something else, expected a sweep's folder or a new name");
}

// What the processes that share a folder must agree in, as a hash: all that decides which trials are run.
std::string purpose(const Settings& settings) {
  std::uint64_t hash = soap::fingerprint("sweep");
  for (const auto& trial : settings.tuning) hash = soap::fingerprint(soap::trial_key(trial), hash);
  for (const auto seed : settings.seeds) hash = soap::fingerprint(std::to_string(seed), hash);
  for (const bool choice : {settings.extend, settings.halving})
    hash = soap::fingerprint(choice ? "yes" : "no", hash);
  return soap::to_hex(soap::fingerprint(std::to_string(settings.variance_seeds), hash));
}

class Sweep {
 public:
  Sweep(Settings settings, const soap::SweepData& data)
      : settings_(std::move(settings)),
        data_(data),
        store_(settings_.place.folder),
        timings_(settings_.place.folder) {}

  // Both return false when a signal came.
  bool tune() {
    while (true) {
      if (!run_tuning()) return false;
      selections_ = in_the_commands_order(soap::select_choices(results(tuned_)));
      if (!settings_.extend || widenings_ == most_widenings ||
          !settings_.rates.extend(settings_.tuning, selections_))
        return true;
      ++widenings_;
    }
  }
  bool judge() {
    judging_ = soap::judging_trials(selections_, settings_.seeds);
    return run("judging", judging_);
  }
  // Judges again with single sources of chance changed.
  bool vary() {
    const auto& seeds = settings_.seeds;
    if (settings_.variance_seeds == 0) return true;
    return run("variance",
               soap::variance_trials(
                   selections_,
                   {seeds.begin(), seeds.begin() + static_cast<std::ptrdiff_t>(settings_.variance_seeds)},
                   data_.judging.train.features(), data_.judging.train.outputs()));
  }

  // No trial may run after that.
  void finish() { timings_.finish(); }

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const std::vector<soap::Selection>& selections() const { return selections_; }
  // Of the grid by `--extend`.
  [[nodiscard]] int widenings() const { return widenings_; }
  [[nodiscard]] std::size_t tuning_trials() const { return tuned_.size(); }
  [[nodiscard]] std::vector<soap::TrialRecord> judged() const { return results(judging_); }
  // Of the last phase.
  [[nodiscard]] std::string done() const {
    const auto is_done = [&](const auto& trial) { return store_.find(soap::trial_key(trial)).has_value(); };
    return std::to_string(std::count_if(last_.begin(), last_.end(), is_done)) + " of " +
           std::to_string(last_.size());
  }

 private:
  [[nodiscard]] std::vector<soap::Selection> in_the_commands_order(
      std::vector<soap::Selection> selections) const {
    std::map<std::string, std::size_t> places;
    const auto name = [](const soap::TrialSetting& trial) {
      return soap::problem_of(trial) + '\n' + soap::method_of(trial);
    };
    for (const auto& trial : settings_.tuning) places.try_emplace(name(trial), places.size());
    std::sort(selections.begin(), selections.end(), [&](const auto& a, const auto& b) {
      return places.at(name(a.chosen().setting)) < places.at(name(b.chosen().setting));
    });
    return selections;
  }

  bool run_tuning() {
    if (!settings_.halving) {
      tuned_ = settings_.tuning;
      return run("tuning", tuned_);
    }
    const soap::SuccessiveHalving halving(settings_.tuning, settings_.seeds);
    tuned_.clear();
    for (std::size_t round = 0; round < halving.rounds(); ++round) {
      tuned_ = halving.trials(round, results(tuned_));
      const std::string phase =
          "tuning, round " + std::to_string(round + 1) + " of " + std::to_string(halving.rounds());
      if (!run(phase, tuned_)) return false;
    }
    return true;
  }

  // Runs what is missing of these trials.
  bool run(const std::string& phase, const std::vector<soap::TrialSetting>& trials) {
    last_ = trials;
    double work = 0;
    for (const auto& trial : trials) work += soap::trial_work(trial, data_);
    sweep_app::SweepProgress progress(std::cerr, soap::error_stream_is_terminal(), phase, trials.size(),
                                      work);
    const bool done = soap::run_missing_trials(
        trials, data_, store_,
        {.threads = settings_.threads,
         .rank = settings_.world.rank,
         .world_size = settings_.world.size,
         .stop_requested = process::stop_requested,
         .started = [&](const soap::TrialSetting&) { progress.started(); },
         .finished =
             [&](const soap::TrialRecord& record, const soap::Origin& origin) {
               progress.finished(record.status, soap::trial_work(record.setting, data_), origin);
             },
         .timed = [&](const std::string& key, const double& seconds) { timings_.add(key, seconds); }});
    progress.end();
    return done;
  }

  // Of trials that were all done. A choice by what is left of them would not be the one that was asked for.
  [[nodiscard]] std::vector<soap::TrialRecord> results(const std::vector<soap::TrialSetting>& trials) const {
    std::vector<soap::TrialRecord> records;
    records.reserve(trials.size());
    for (const auto& trial : trials)
      records.push_back(soap::read_trial_record(store_.file(soap::trial_key(trial))));
    return records;
  }

  Settings settings_;
  const soap::SweepData& data_;
  soap::TrialStore store_;
  soap::TrialTimings timings_;
  std::vector<soap::TrialSetting> tuned_;
  std::vector<soap::TrialSetting> judging_;
  std::vector<soap::TrialSetting> last_;
  std::vector<soap::Selection> selections_;
  int widenings_ = 0;
};

void say_where_the_report_is(const std::filesystem::path& out, const soap::SweepSummary& summary) {
  if (!summary.damaged.empty())
    std::cerr << "sweep: " << summary.damaged.size()
              << (summary.damaged.size() == 1 ? " result is" : " results are")
              << " damaged, see the end of the report\n";
  std::cout << "report in " << soap::printable((out / "report" / "report.md").string()) << '\n' << std::flush;
}

// Nothing when a signal came.
std::optional<soap::SweepSummary> report(const std::filesystem::path& out,
                                         const soap::SweepSummaryOptions& options) {
  try {
    return soap::write_report(out, options, process::stop_if_requested);
  } catch (const process::Stopped&) {
    std::cerr << "sweep: stopped by a signal before the report was whole; the results are kept. To make it, "
                 "call sweep with "
              << soap::shell_command({"--report", out.string()}) << '\n';
    return std::nullopt;
  }
}

// The report reads all results in the folder, of which this command's may be a part.
void say_where_the_report_differs(const soap::SweepSummary& summary,
                                  const std::vector<soap::Selection>& selections) {
  for (const soap::Selection& selection : selections) {
    const soap::TrialSetting& own = selection.chosen().setting;
    for (const soap::ProblemSummary& problem : summary.problems) {
      if (problem.name != soap::problem_of(own)) continue;
      for (const soap::MethodSummary& method : problem.methods) {
        if (method.method != soap::method_of(own) || !method.chosen ||
            soap::choice_of(*method.chosen) == soap::choice_of(own))
          continue;
        std::cerr << "sweep: the folder holds other results too, by which the report chooses for "
                  << soap::printable(method.method + ": " + soap::choice_of(*method.chosen)) << '\n';
      }
    }
  }
}

// `--report`, which needs the results and nothing else.
int report_only(const cxxopts::ParseResult& given) {
  for (const auto& flag : given.arguments()) {
    if (flag.key() == "report" || flag.key() == "baseline" || flag.key() == "margin") continue;
    throw std::invalid_argument("--report: found it with --" + flag.key() +
                                ", expected no other flags than --baseline and --margin");
  }
  const std::filesystem::path out = given["report"].as<std::string>();
  process::watch_signals();
  const auto summary = report(out, sweep_app::report_options(given));
  if (!summary) return process::stopped_status();
  say_where_the_report_is(out, *summary);
  return command_line::done;
}

int sweep(Settings asked, const soap::SweepData& data, const std::string& config) {
  const std::filesystem::path out = asked.place.folder;
  const soap::FolderLock lock(out, purpose(asked));
  trial_app::warn_unless_held("sweep", out, lock.is_held());
  // Another program may have come and gone before the lock was had.
  check_out(out);
  Sweep sweep(std::move(asked), data);
  soap::write_file_atomically(out / "config.json", config);
  process::watch_signals();
  const bool done = sweep.tune() && sweep.judge() && sweep.vary();
  sweep.finish();
  if (!done) {
    std::cerr << "sweep: stopped by a signal; " << sweep.done()
              << " trials are done and kept. To go on, run the same command again with "
              << soap::shell_command({"--out", out.string()}) << '\n';
    return process::stopped_status();
  }
  // Another rank would write the same. Before anything else is printed: a reader may have left.
  std::optional<soap::SweepSummary> summary;
  if (sweep.settings().world.rank == 0) {
    summary = report(out, sweep.settings().report);
    if (!summary) return process::stopped_status();
  }
  const std::size_t grid = sweep.settings().tuning.size();
  if (sweep.settings().halving) {
    std::cout << "\nsuccessive halving ran " << sweep.tuning_trials() << " of " << grid
              << " tuning trials, and saved "
              << soap::fixed(
                     100 * (1 - static_cast<double>(sweep.tuning_trials()) / static_cast<double>(grid)), 0)
              << " %\n";
  }
  std::cout << '\n'
            << sweep_app::table(sweep.selections(), sweep.judged())
            << sweep_app::wrapped(sweep_app::table_legend);
  if (sweep.settings().extend) std::cout << sweep_app::left_at_edges(sweep.selections(), sweep.widenings());
  std::cout << "results in " << soap::printable(out.string()) << '\n' << std::flush;
  if (summary) {
    say_where_the_report_is(out, *summary);
    say_where_the_report_differs(*summary, sweep.selections());
  }
  return command_line::done;
}

int sweep_main(int argc, const char* const* argv) {
  cxxopts::Options options = sweep_app::flags();
  const auto given = command_line::parse(options, argc, argv);
  if (!given) return command_line::done;
  if (flag_help::answered(*given)) return command_line::done;
  if (given->count("version") > 0) {
    std::cout << "sweep of " << soap::build_info() << '\n';
    return command_line::done;
  }
  if (given->count("report") > 0) return report_only(*given);
  std::optional<std::string> source;
  if (given->count("data") > 0) source = (*given)["data"].as<std::string>();
  soap::NamedDigits digits = trial_app::open_data(source);
  Settings settings = sweep_app::resolve(*given, digits);
  const soap::Index validation = settings.tuning.front().validation;
  if (validation >= digits.data.train.size()) {
    throw std::invalid_argument("--validation: found " + std::to_string(validation) +
                                ", expected fewer than the " +
                                soap::with_thousands(digits.data.train.size()) + " training images");
  }
  soap::TrainTest tuning = soap::hold_out(digits.data.train, validation);
  const std::filesystem::path& out = settings.place.folder;
  if (settings.place.is_asked_for) check_out(out);
  std::cout << sweep_app::wrapped("data: " + digits.description + "; " + soap::with_thousands(validation) +
                                  " of the training images to choose by")
            << sweep_app::wrapped(sweep_app::trials_text(settings)) << std::flush;
  // Not on standard output, which is the same for all ranks.
  if (const auto& world = settings.world; world.size > 1)
    std::cerr << "sweep: rank " << world.rank << " of " << world.size << '\n';
  if (settings.world.rank == 0) {
    for (const std::string& sentence : sweep_app::undecidable(settings))
      std::cerr << "sweep: " << sentence << '\n';
  }
  const std::string description = digits.description;
  const soap::SweepData data{.tuning = std::move(tuning), .judging = std::move(digits.data)};
  if (given->count("dry-run") > 0) {
    std::cout << sweep_app::plan(settings, data);
    return command_line::done;
  }
  soap::RunConfig config;
  config.program = "sweep";
  config.command.assign(argv, argv + argc);
  config.data = description;
  config.data_source = digits.source;
  config.data_fingerprint = soap::to_hex(soap::fingerprint(data.judging));
  config.normalization = data.judging.train.normalization();
  config.validation = validation;
  config.evaluations = settings.tuning.front().evaluations;
  config.target_loss = settings.tuning.front().target_loss;
  config.baseline = settings.report.baseline;
  if (settings.place.is_asked_for) {
    soap::make_folder(out);
  } else {
    settings.place.folder = soap::make_new_folder(out);
  }
  config.out = settings.place.folder.string();
  config.threads = settings.threads;
  for (const auto& trial : settings.tuning) config.trials.push_back(trial.options);
  return sweep(std::move(settings), data, soap::config_json(config));
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("sweep", [&] { return sweep_main(argc, argv); });
}
