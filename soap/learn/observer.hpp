// Watching a training run, and stopping it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "soap/learn/evaluate.hpp"
#include "soap/learn/run_state.hpp"
#include "soap/learn/step.hpp"
#include "soap/nn/network.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Lets an observer end the run after the current step or epoch.
class TrainingControl {
 public:
  void stop() { stop_ = true; }
  [[nodiscard]] bool stop_requested() const { return stop_; }

 private:
  bool stop_ = false;
};

struct RunStart {
  Network& network;
  std::int64_t epochs;
  std::int64_t steps_per_epoch;
};

struct StepStart {
  Network& network;
  const Loss& loss;
  const Batch& batch;  ///< that the step will learn from
  std::int64_t epoch;  ///< from 1
  std::int64_t step;   ///< this one, from 1
};

struct StepEnd {
  Network& network;
  TrainingControl& control;
  std::int64_t epoch;     ///< from 1
  std::int64_t step;      ///< steps taken, this one included
  std::int64_t examples;  ///< examples seen, this step's included
  double loss;            ///< of this step's minibatch, before the update
  double lr;              ///< of this step
  double seconds;         ///< spent on training so far; neither observers nor evaluations count
  const Batch& batch;     ///< that the step has learned from
  const LearningStep& learning;
  /// To save the run as it stands after this step; observers that are called later have not seen the step
  /// yet.
  RunState* state = nullptr;
};

struct EpochEnd {
  Network& network;
  TrainingControl& control;
  std::int64_t epoch;
  std::int64_t step;
  std::int64_t examples;
  double train_loss;                     ///< mean over the epoch's examples, each before its update
  std::optional<Evaluation> evaluation;  ///< on the held-out data, where there are any
  double seconds;
};

/// How a run ended.
enum class RunOutcome {
  ended,        ///< as it should, or stopped
  diverged,     ///< with Diverged
  failed,       ///< with StepFailed
  interrupted,  ///< with any other exception, such as an observer's
};

struct RunEnd {
  Network& network;
  RunOutcome outcome;
};

/// Called by the Trainer; override what is of interest. An exception ends the run and reaches the caller of
/// `fit`.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void run_started(const RunStart&) {}
  virtual void step_started(const StepStart&) {}
  virtual void step_ended(const StepEnd&) {}
  virtual void epoch_ended(const EpochEnd&) {}
  /// Called once for each started run, however it ends.
  virtual void run_ended(const RunEnd&) {}
  /// Shows what the observer keeps from step to step, by names that start with its own. Called after
  /// `run_started` where a run is put back, and between steps where it is saved.
  virtual void visit_state(RunStateVisitor&) {}

 protected:
  Observer() = default;
  Observer(const Observer&) = default;
  Observer(Observer&&) = default;
  Observer& operator=(const Observer&) = default;
  Observer& operator=(Observer&&) = default;
};

using StepCallback = std::function<void(const StepEnd&)>;
using EpochCallback = std::function<void(const EpochEnd&)>;

std::unique_ptr<Observer> every_step(StepCallback callback);
/// After steps k, 2k, 3k, ...; throws std::invalid_argument when k < 1.
std::unique_ptr<Observer> every_steps(std::int64_t k, StepCallback callback);
/// After each of the given steps, counted from 1.
std::unique_ptr<Observer> at_steps(std::vector<std::int64_t> steps, StepCallback callback);
std::unique_ptr<Observer> every_epoch(EpochCallback callback);

struct EarlyStopOptions {
  std::int64_t patience = 3;     ///< epochs without improvement before the run is stopped
  double least_improvement = 0;  ///< of the held-out loss, for an epoch to count
};

/// Stops when the held-out loss has not improved for `patience` epochs. Hold out validation data for this,
/// not the test set. Throws std::invalid_argument when patience < 1, and std::logic_error in a run without
/// held-out data.
std::unique_ptr<Observer> early_stop(const EarlyStopOptions& options = {});

/// When the run ends, puts back the parameters of the epoch with the lowest held-out loss; the advice above
/// holds. Feedback matrices stay as they are. Throws std::logic_error in a run without held-out data.
std::unique_ptr<Observer> best_weights();

}  // namespace SOAP_ABI
}  // namespace soap
