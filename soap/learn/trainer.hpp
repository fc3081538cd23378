// The training loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/data/batch_order.hpp"
#include "soap/data/dataset.hpp"
#include "soap/learn/evaluate.hpp"
#include "soap/learn/observer.hpp"
#include "soap/learn/run_state.hpp"
#include "soap/learn/schedule.hpp"
#include "soap/learn/step.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/network.hpp"
#include "soap/nn/optimizer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Thrown when a loss or a weight is no longer a finite number. `what()` names epoch, step and layer.
class Diverged : public std::runtime_error {
 public:
  Diverged(std::int64_t epoch, std::int64_t step, std::string layer, const std::string& found);

  [[nodiscard]] std::int64_t epoch() const { return epoch_; }
  [[nodiscard]] std::int64_t step() const { return step_; }
  /// The lowest layer whose values are not finite, such as "layer 2 (dense 256-10)", or "the loss".
  [[nodiscard]] const std::string& layer() const { return layer_; }

 private:
  std::int64_t epoch_;
  std::int64_t step_;
  std::string layer_;
};

/// Thrown when a training step could not go on. `what()` names epoch and step, and gives the step's reason.
class StepFailed : public std::runtime_error {
 public:
  StepFailed(std::int64_t epoch, std::int64_t step, const std::string& reason);

  [[nodiscard]] std::int64_t epoch() const { return epoch_; }
  [[nodiscard]] std::int64_t step() const { return step_; }

 private:
  std::int64_t epoch_;
  std::int64_t step_;
};

struct TrainerOptions {
  std::int64_t epochs = 1;
  Index batch_size = 64;
  std::uint64_t seed = 1;  ///< of the order of the examples
  /// Of what the step draws, which is a way for errors: the matrix of `pepita`, the inverses of `dtp` and the
  /// noise that they learn from. Nothing: `seed`.
  std::optional<std::uint64_t> step_seed = {};
  Schedule schedule = schedule::constant();
  BatchSizes batch_sizes = BatchSizes::even;  ///< where the examples are no multiple of the batch size
};

struct TrainingResult {
  std::int64_t epochs = 0;               ///< finished
  std::int64_t steps = 0;                ///< taken
  std::int64_t examples = 0;             ///< seen
  double seconds = 0;                    ///< spent on training alone
  double final_train_loss = 0;           ///< mean over the last 100 steps, or over all when there were fewer
  std::optional<Evaluation> evaluation;  ///< on the held-out data at the end of the last finished epoch
  bool stopped = false;                  ///< by an observer before all epochs were done
};

/// Trains one network: every epoch in a new order, cut into batches of even size.
///
///     Trainer trainer(net, loss, optimizer, {.epochs = 2});
///     trainer.observe(progress());
///     trainer.fit(data.train, data.test);
class Trainer {
 public:
  /// The network, loss and optimizer are borrowed. Throws std::invalid_argument when epochs or batch_size is
  /// below 1, or there is no schedule or no step.
  Trainer(Network& network, const Loss& loss, Optimizer& optimizer, TrainerOptions options = {},
          std::unique_ptr<LearningStep> step = std::make_unique<BackwardStep>());
  /// A temporary loss would be gone before `fit`.
  Trainer(Network&, const Loss&&, Optimizer&, TrainerOptions = {},
          std::unique_ptr<LearningStep> = nullptr) = delete;

  /// Observers are called in the order of these calls. The second form borrows. Throws std::invalid_argument
  /// for none.
  void observe(std::unique_ptr<Observer> observer);
  void observe(Observer& observer);

  /// Trains from the network's present weights, with fresh optimizer state. After each epoch the network is
  /// evaluated on `held_out`. A further call goes on with new orders of the examples, and feedbacks go on
  /// counting them; steps, epochs and the schedule start anew, and so does what `pepita` and
  /// `dtp` store. `resume` is the call that goes on in the middle. Throws std::invalid_argument when the data
  /// do not fit the network or are empty, Diverged, and StepFailed for what a step throws, unless the machine
  /// is at fault: std::bad_alloc, std::system_error and IoError are thrown on.
  TrainingResult fit(const Dataset& train) { return fit(train, nullptr, {}); }
  TrainingResult fit(const Dataset& train, const Dataset& held_out) { return fit(train, &held_out, {}); }

  /// Puts back a run from within `restore`.
  using Restore = std::function<void(RunState& state)>;
  /// Goes on where a run of `fit` was saved, in a trainer like the one that it was saved in, on the same
  /// data:
  ///
  ///     trainer.resume([&](RunState& state) { load_checkpoint(path, state); }, data.train, data.test);
  ///
  /// ends with the same bits as the call of `fit` that is not interrupted. Observers hear of a start, then of
  /// the first step after the saved one. Throws as `fit`, what `restore` throws, and std::invalid_argument
  /// when it leaves a position that such a run does not have or is empty.
  TrainingResult resume(const Restore& restore, const Dataset& train);
  TrainingResult resume(const Restore& restore, const Dataset& train, const Dataset& held_out);

 private:
  class Run;
  TrainingResult fit(const Dataset& train, const Dataset* held_out, const Restore& restore);

  Network& network_;
  const Loss& loss_;
  Optimizer& optimizer_;
  TrainerOptions options_;
  std::unique_ptr<LearningStep> step_;
  std::vector<std::unique_ptr<Observer>> owned_;
  std::vector<Observer*> observers_;
  // Over all calls of `fit`: feedbacks count examples, and each epoch has an order of its own.
  std::int64_t epochs_started_ = 0;
  std::int64_t examples_seen_ = 0;
};

}  // namespace SOAP_ABI
}  // namespace soap
