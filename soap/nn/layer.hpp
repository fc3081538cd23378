// What a network is made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "soap/base/function_ref.hpp"
#include "soap/feedback/feedback.hpp"
#include "soap/linalg/gradient.hpp"
#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

enum class Phase { training, evaluation };

class Weighted;

struct LayerShape {
  Index inputs;
  Index outputs;
};

/// Where a layer draws its initial values from: streams named (seed, "weights", index) and (seed, "feedback",
/// index), where index counts the layers that have parameters from below, so that two rules at one seed start
/// from the same weights. The feedback's seed may be another than that of the weights.
struct LayerSeed {
  std::uint64_t seed;
  std::uint64_t index;
  Index n_out;      ///< units of the network's output layer
  bool sends_down;  ///< false for the lowest weighted layer: no error crosses it
  std::uint64_t feedback_seed = seed;

  [[nodiscard]] Rng weights() const { return Rng(seed, "weights", index); }
  [[nodiscard]] Rng feedback() const { return Rng(feedback_seed, "feedback", index); }
};

/// One stage of a network: y = f(x), samples in columns. A layer keeps its parameters but not its activity: x
/// and y are handed back to it in the backward pass.
class Layer {
 public:
  virtual ~Layer() = default;

  /// What the layer computes, for messages and for the files of models: its kind, sizes and parameters, such
  /// as "dense 784-256". The same for two layers only where each can take the other's state.
  [[nodiscard]] virtual std::string describe() const = 0;
  /// The layer's shape above a layer of `below` outputs, or at the bottom of a network when `below` is 0.
  /// Throws std::invalid_argument when it does not fit there.
  [[nodiscard]] virtual LayerShape shape(Index below) const = 0;

  /// Draws parameters and feedback.
  virtual void initialize(const LayerSeed&) {}

  /// x: inputs x batch, y: outputs x batch. x and y do not overlap.
  virtual void forward(ConstRef x, Ref y, Phase phase) = 0;

  /// Writes the gradient of the loss at the layer's input, inputs x batch, from that at its output, outputs x
  /// batch. x, y and the phase are those of the forward pass.
  virtual void backward(ConstRef x, ConstRef y, ConstRef from_above, Phase phase, Ref below) = 0;

  /// Shows each parameter, by name, in an order that never changes.
  virtual void visit_parameters(ParameterVisitor) {}
  /// Shows each parameter with its gradient, in the same order. x and from_above as in `backward`.
  virtual void visit_gradients(ConstRef /*x*/, ConstRef /*from_above*/, GradientVisitor) {}

  /// Shows what a checkpoint must hold beside the parameters and the feedback.
  virtual void visit_state(StateVisitor&) {}

  /// The layer as one that errors cross by a rule, where it has weights.
  virtual Weighted* weighted() { return nullptr; }
  virtual const Weighted* weighted() const { return nullptr; }
  /// Its weights and feedback, else null.
  const Matrix* weights() const;
  Feedback* feedback();

 protected:
  Layer() = default;
  Layer(const Layer&) = default;
  Layer(Layer&&) = default;
  Layer& operator=(const Layer&) = default;
  Layer& operator=(Layer&&) = default;
};

}  // namespace SOAP_ABI
}  // namespace soap
