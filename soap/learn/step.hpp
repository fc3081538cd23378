// What one training step does with a minibatch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "soap/data/dataset.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/network.hpp"
#include "soap/nn/optimizer.hpp"

namespace soap::inline SOAP_ABI {

/// What a step works on.
struct StepContext {
  Network& network;
  const Loss& loss;
  Optimizer& optimizer;
  std::int64_t examples_seen;  ///< training examples before this step
  double lr_factor;            ///< of the schedule
};

/// A way to turn a minibatch into an update of the network.
class LearningStep {
 public:
  virtual ~LearningStep() = default;
  /// The step's name in result files, such as "backward".
  [[nodiscard]] virtual std::string kind() const = 0;
  /// Makes room for batches of up to `capacity` examples; called before the first `run`.
  virtual void prepare(const Network& network, Index capacity) = 0;
  /// Takes the step and returns the batch's loss before it. When that loss is not finite nothing is updated.
  virtual double run(const Batch& batch, const StepContext& context) = 0;

 protected:
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
  void prepare(const Network& network, Index capacity) override;
  double run(const Batch& batch, const StepContext& context) override;

 private:
  std::optional<Workspace> workspace_;
};

}  // namespace soap::inline SOAP_ABI
