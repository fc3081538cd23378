// What one training step does with a minibatch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "soap/data/dataset.hpp"
#include "soap/learn/arrival_watch.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/network.hpp"
#include "soap/nn/optimizer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What a step works on.
struct StepContext {
  Network& network;
  const Loss& loss;
  Optimizer& optimizer;
  std::int64_t examples_seen;  ///< training examples before this step
  double lr_factor;            ///< of the schedule
};

/// The forward pass of training. Returns the batch's loss and writes its gradient at the network's output
/// into the workspace. With a hook as Network::forward has it.
double forward_and_loss(const Batch& batch, const StepContext& context, Workspace& workspace);
double forward_and_loss(const Batch& batch, const StepContext& context, Workspace& workspace, PassHook hook);

/// A way to turn a minibatch into an update of the network.
class LearningStep {
 public:
  virtual ~LearningStep() = default;
  /// The step's name, such as "backward".
  [[nodiscard]] virtual std::string kind() const = 0;
  /// Makes room for batches of up to `capacity` examples, and draws what the step stores from streams of the
  /// seed, which is that of feedback and not of the examples' order; called before the first `run`. Throws
  /// std::invalid_argument when the step cannot train such a network.
  virtual void prepare(Network& network, Index capacity, std::uint64_t seed) = 0;
  /// Takes the step and returns the batch's loss before it. When that loss is not finite nothing is updated.
  /// Throws where training cannot go on, as where no error ever reaches a layer.
  virtual double run(const Batch& batch, const StepContext& context) = 0;

  /// The activity and the errors that the last update was made of, for whoever watches; null when the step
  /// has none.
  [[nodiscard]] virtual const Workspace* last_pass() const { return nullptr; }
  /// Whether the step sends errors through the layers' feedbacks, which stand idle where it does not.
  [[nodiscard]] virtual bool uses_feedback() const { return true; }
  /// Work for an example, in forward-backward passes of backpropagation through the same network, as the
  /// papers count it: two for a step that goes forward and backward twice.
  [[nodiscard]] virtual double passes() const { return 1; }
  /// A learning rate to begin with under plain gradient descent.
  [[nodiscard]] virtual double usual_lr() const { return gradient_lr; }
  /// As Network::transported_bits; none where the feedbacks stand idle and the step itself does not say.
  [[nodiscard]] virtual std::optional<double> transported_bits(Network& network, std::int64_t steps) const {
    return uses_feedback() ? network.transported_bits(steps) : std::nullopt;
  }
  /// Shows what a checkpoint must hold beside the network and the optimizer, once prepared.
  virtual void visit_state(StateVisitor&) {}

 protected:
  /// For updates of about the size of the gradient.
  static constexpr double gradient_lr = 0.01;

  /// For the begin of `run`. Throws std::logic_error unless the step is prepared.
  void expect_prepared(bool prepared) const;

  LearningStep() = default;
  LearningStep(const LearningStep&) = default;
  LearningStep(LearningStep&&) = default;
  LearningStep& operator=(const LearningStep&) = default;
  LearningStep& operator=(LearningStep&&) = default;
};

/// The ordinary step: forward, loss, errors down through each layer's feedback, update.
class BackwardStep final : public LearningStep {
 public:
  [[nodiscard]] std::string kind() const override { return "backward"; }
  void prepare(Network& network, Index capacity, std::uint64_t seed) override;
  double run(const Batch& batch, const StepContext& context) override;
  [[nodiscard]] const Workspace* last_pass() const override { return workspace_ ? &*workspace_ : nullptr; }
  /// That of its ArrivalWatch.
  void visit_state(StateVisitor& visitor) override;

 private:
  std::optional<Workspace> workspace_;
  ArrivalWatch arrivals_;
};

/// Throws std::invalid_argument, with rule and layer, where the watch, with a way for each layer, gives up a
/// feedback: errors that are not zero always become all zeros on their way through it, and everything below
/// would silently not learn. For each backward pass.
void check_errors_arrive(Network& network, const Workspace& workspace, ArrivalWatch& arrivals);

}  // namespace SOAP_ABI
}  // namespace soap
