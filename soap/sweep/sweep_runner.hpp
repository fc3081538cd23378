// Running the trials that a sweep still lacks, on all threads of this process beside other processes.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "soap/sweep/sweep_trial.hpp"
#include "soap/sweep/trial_store.hpp"

namespace soap {
inline namespace SOAP_ABI {

enum class Origin {
  earlier,  ///< there before the run began
  now,      ///< made meanwhile, here or elsewhere
};

struct SweepRunnerOptions {
  int threads = 1;       ///< trials side by side, one thread each
  Index rank = 0;        ///< this process among those that share the store, from 0
  Index world_size = 1;  ///< how many they are
  /// Asked after every training step, from several threads; `true` ends the run. May be empty.
  std::function<bool()> stop_requested = {};
  /// Called when a trial starts, and when its result is there, whoever ran it. Never from two threads at
  /// once. May be empty.
  std::function<void(const TrialSetting&)> started = {};
  std::function<void(const TrialRecord&, const Origin&)> finished = {};
  /// Called after a trial that this process ran, with its key and the seconds it took, like the two above.
  std::function<void(const std::string&, const double&)> timed = {};
  /// A trial whose owner shows no sign of life for so long is taken over.
  std::chrono::milliseconds patience = std::chrono::seconds(30);
};

/// Runs what the store does not hold, the longest first: of these every world_size-th, then whatever the
/// others have not begun, then waits for what they are at and takes over from those that died. Returns when
/// every trial has a result, or, with false, when asked to stop. A trial's failure, such as a full disk, ends
/// all and is thrown on.
bool run_missing_trials(const std::vector<TrialSetting>& trials, const SweepData& data,
                        const TrialStore& store, const SweepRunnerOptions& options);

}  // namespace SOAP_ABI
}  // namespace soap
