// A stack of layers.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "soap/nn/weighted.hpp"

namespace soap {
inline namespace SOAP_ABI {

class Network;

namespace detail {

/// Throws std::invalid_argument.
[[noreturn]] void refuse_layer(const char* who, std::size_t l, std::size_t depth);

/// l, or std::invalid_argument unless it is below the depth.
inline std::size_t checked_layer(const char* who, std::size_t l, std::size_t depth) {
  if (l >= depth) refuse_layer(who, l, depth);
  return l;
}

}  // namespace detail

using PassHook = FunctionRef<void(std::size_t l, Ref values)>;

/// The activity of a network for up to `capacity` examples at a time. Kept apart from the network, so that
/// passes with different inputs can stand side by side; sized once, so that passes allocate nothing. A layer
/// that the network does not have is a std::invalid_argument.
class Workspace {
 public:
  /// Throws std::invalid_argument when the capacity is below 1.
  Workspace(const Network& network, Index capacity);

  [[nodiscard]] Index capacity() const { return capacity_; }
  /// The output of layer `l` in the last forward pass, units x batch.
  [[nodiscard]] auto output(std::size_t l) { return outputs_[checked(l)].leftCols(batch_); }
  [[nodiscard]] auto output(std::size_t l) const { return outputs_[checked(l)].leftCols(batch_); }
  /// The error at that output in the last backward pass, units x batch.
  [[nodiscard]] auto error(std::size_t l) { return errors_[checked(l)].leftCols(batch_); }
  [[nodiscard]] auto error(std::size_t l) const { return errors_[checked(l)].leftCols(batch_); }

 private:
  friend class Network;
  [[nodiscard]] std::size_t checked(std::size_t l) const {
    return detail::checked_layer("workspace", l, outputs_.size());
  }

  std::uint64_t layout_;  // of the network it was made for
  std::vector<Matrix> outputs_;
  std::vector<Matrix> errors_;
  Index capacity_ = 0;
  Index batch_ = 0;
  Phase phase_ = Phase::training;  // of the last forward pass
};

/// Layers from the input up.
///
///     Network net;
///     net.add<Dense>(784, 256);
///     net.add<Tanh>();
///     net.add<Dense>(256, 10, feedback::random());
///     net.initialize(seed);
///
/// Passes throw std::logic_error before `initialize`, and std::invalid_argument when a matrix does not fit
/// the network or the workspace was made for another one, as does everything for a layer that is not there.
class Network {
 public:
  Network() = default;
  ~Network() = default;
  Network(Network&&) = default;
  Network& operator=(Network&&) = default;
  /// A layer cannot tell how to copy what it is made of. `save_model` and `load_model` carry a network's
  /// values into another one of the same layers.
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Adds a layer on top. Throws std::invalid_argument when it does not fit on the one below.
  Layer& add(std::unique_ptr<Layer> layer);
  template <std::derived_from<Layer> L, class... Args>
  L& add(Args&&... args) {
    return static_cast<L&>(add(std::make_unique<L>(std::forward<Args>(args)...)));
  }

  /// Draws all parameters and feedback matrices from streams of this seed. The same seed gives the same
  /// weights whatever the feedback. Throws std::logic_error when no layer has parameters.
  void initialize(std::uint64_t seed) { initialize(seed, seed); }
  /// The same with a seed of its own for the feedbacks: for what they store, and for what they draw at
  /// each step.
  void initialize(std::uint64_t seed, std::uint64_t feedback_seed);

  [[nodiscard]] std::size_t depth() const { return layers_.size(); }
  [[nodiscard]] Layer& layer(std::size_t l) { return *layers_[checked(l)]; }
  [[nodiscard]] const Layer& layer(std::size_t l) const { return *layers_[checked(l)]; }
  [[nodiscard]] LayerShape layer_shape(std::size_t l) const { return shapes_[checked(l)]; }
  [[nodiscard]] Index inputs() const { return shapes_.empty() ? 0 : shapes_.front().inputs; }
  [[nodiscard]] Index outputs() const { return shapes_.empty() ? 0 : shapes_.back().outputs; }
  /// Number of trained scalars.
  [[nodiscard]] Index parameter_count();

  /// x: inputs x batch, with batch at most the workspace's capacity. The result is
  /// `workspace.output(depth() - 1)`.
  void forward(ConstRef x, Workspace& workspace, Phase phase);

  /// The same, and calls hook(l, y) with each layer's output before the layer above sees it; the hook may
  /// change y.
  void forward(ConstRef x, Workspace& workspace, Phase phase, PassHook hook);

  /// Sends the error in `workspace.error(depth() - 1)` down to the output of the lowest layer that learns:
  /// across weights as their feedback says, through other layers by their derivative. targets: n_out x batch,
  /// with the batch of the last forward pass.
  void backward(ConstRef targets, Workspace& workspace);
  /// The same, and calls hook(l, error) with the error at each lower layer's output before it goes further
  /// down; the hook may change it.
  void backward(ConstRef targets, Workspace& workspace, PassHook hook);
  /// The same through Wᵀ at every layer, whatever its feedback: the gradient of the loss.
  void backpropagate(Workspace& workspace);
  /// Writes `workspace.error(l - 1)` from the error at the output of layer l > 0, by the layer's derivative.
  void backward_through(std::size_t l, Workspace& workspace);

  /// Lets the feedback of every edge that errors cross look at its weights; see Feedback::before_step.
  void before_step(std::int64_t examples_seen);

  /// Shows each parameter as "layers.0.weight", "layers.0.bias", ..., where layers without parameters count
  /// too.
  void visit_parameters(ParameterVisitor visit);
  /// Shows what the feedbacks of the edges that errors cross have the optimizer train, as
  /// "layers.2.feedback.B", ...
  void visit_feedback_parameters(ParameterVisitor visit);
  /// Shows each parameter with its gradient in the pass that the workspace holds, in the same order. x: that
  /// pass's input.
  void visit_gradients(ConstRef x, const Workspace& workspace, GradientVisitor visit);
  /// Likewise for the parameters of the feedbacks.
  void visit_feedback_gradients(const Workspace& workspace, GradientVisitor visit);

  /// Shows all that a checkpoint must hold: the parameters, what else layers keep as "layers.1.NAME", and the
  /// state of the feedbacks of the edges that errors cross as "layers.2.feedback.NAME".
  void visit_state(StateVisitor& visitor);

  /// The information about weights, in bits, that has crossed over to the feedbacks in the first `steps`
  /// training steps; none when a rule does not say.
  [[nodiscard]] std::optional<double> transported_bits(std::int64_t steps);

  /// The lowest layer that has parameters: the one at which errors end. Known once initialized.
  [[nodiscard]] std::size_t lowest_weighted() const { return lowest_weighted_; }

 private:
  friend class Workspace;
  [[nodiscard]] std::size_t checked(std::size_t l) const {
    return detail::checked_layer("network", l, depth());
  }
  void derive_through(std::size_t l, Workspace& workspace);
  void check_workspace(const Workspace& workspace) const;
  void check_columns(const char* what, ConstRef found, Index rows, const Workspace& workspace) const;
  // Calls visit(l, feedback) for each edge that errors cross, from below.
  void for_each_feedback(FunctionRef<void(std::size_t l, Feedback& feedback)> visit);

  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<LayerShape> shapes_;
  std::uint64_t layout_ = 0;  // fingerprint of the layers' sizes
  std::size_t lowest_weighted_ = 0;
  std::vector<std::size_t> learned_feedbacks_;  // layers
  bool initialized_ = false;
};

/// What a network is made of beside its values: "layers.1" is Layer::describe, "layers.2.feedback" the rule
/// of a feedback that errors cross. For an initialized network.
std::map<std::string, std::string> layers_and_rules(Network& network);

/// A layer as messages name it: "layer 2 (dense 20-4)".
std::string name_layer(const Network& network, std::size_t l);

}  // namespace SOAP_ABI
}  // namespace soap
