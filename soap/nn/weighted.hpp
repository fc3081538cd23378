// Layers with weights: where rules and layers meet.
#pragma once

#include <memory>

#include "soap/feedback/feedback.hpp"
#include "soap/linalg/initializer.hpp"
#include "soap/nn/layer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What reaches every layer of a network at once during a backward pass.
struct Teaching {
  ConstView output_error;  ///< gradient of the loss at the network's output, n_out x batch
  ConstView targets;       ///< n_out x batch; one-hot columns where the data have labels
};

struct WeightedOptions {
  Initializer initializer = Initializer::xavier_normal;
};

/// z = A(W)·x + b, with A linear in W: out x in, and b: out x 1. A kind of layer says what A is; it never
/// meets a rule, and a rule never meets it.
class Weighted : public Layer {
 public:
  [[nodiscard]] const Matrix& W() const { return W_; }
  [[nodiscard]] Feedback& rule() { return *feedback_; }
  [[nodiscard]] const Feedback& rule() const { return *feedback_; }

  /// Writes the error for the layer below, along the way of a rule: units below x batch. delta: units x
  /// batch. Throws std::logic_error when the way's matrix does not fit the edge.
  void send(const Way& way, ConstRef delta, const Teaching& teaching, Ref below);
  /// The same along the way that its own feedback says.
  void send(ConstRef delta, const Teaching& teaching, Ref below) {
    send(feedback_->way(W_), delta, teaching, below);
  }

  void initialize(const LayerSeed& seed) final;
  /// Through Wᵀ, whatever the feedback.
  void backward(ConstRef x, ConstRef z, ConstRef delta, Phase phase, Ref below) final;
  void visit_parameters(ParameterVisitor visit) final;
  void visit_gradients(ConstRef x, ConstRef delta, GradientVisitor visit) final;
  /// Shows what the feedback has the optimizer train beside W, with its gradient.
  void visit_feedback_gradients(ConstRef x, ConstRef delta, ConstRef output_error, GradientVisitor visit);

  Weighted* weighted() final { return this; }
  [[nodiscard]] const Weighted* weighted() const final { return this; }

 protected:
  /// Throws std::invalid_argument when a size is below 1 or the feedback is null.
  Weighted(Index in, Index out, std::unique_ptr<Feedback> feedback, const WeightedOptions& options);

  [[nodiscard]] const Matrix& b() const { return b_; }

  /// below = A(Mᵀ)ᵀ·delta: an error goes down with M, in x out, in the place of Wᵀ.
  virtual void send_down(const Factor& M, ConstRef delta, Ref below) const = 0;
  /// The gradient of W.
  [[nodiscard]] virtual Gradient weight_gradient(ConstRef x, ConstRef delta) const = 0;

 private:
  Matrix W_;
  Matrix b_;
  std::unique_ptr<Feedback> feedback_;
  WeightedOptions options_;
};

}  // namespace SOAP_ABI
}  // namespace soap
