// Many trials, as many side by side as there are threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct RunnerOptions {
  /// Threads in all: trials run side by side, one thread each; with fewer trials than threads each gets
  /// several. The number changes no bit of a result.
  int threads = 1;
  /// Asked after every training step, from several threads; `true` ends all trials. May be empty.
  std::function<bool()> stop_requested = {};
  /// Makes the observers of trial i, such as a line on a progress board; called from the trial's thread. May
  /// be empty.
  std::function<std::vector<std::unique_ptr<Observer>>(std::size_t)> observe = {};
  /// The files of each trial, or none for all.
  std::vector<TrialFiles> files = {};
  /// Called with each result in the order of the trials, as soon as those before it are there. Never called
  /// from two threads at once. May be empty.
  std::function<void(const TrialResult&)> finished = {};
};

/// Runs the trials. The results come in the order of the trials; those that a stop left unstarted are
/// missing, and the ones it cut short say so. An exception of one trial, or of `finished`, stops all and is
/// thrown on.
std::vector<TrialResult> run_trials(const std::vector<TrialOptions>& trials, const Dataset& train,
                                    const Dataset& test, const RunnerOptions& options);

}  // namespace SOAP_ABI
}  // namespace soap
