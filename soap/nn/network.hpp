// A stack of layers.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "soap/linalg/initializer.hpp"
#include "soap/nn/layer.hpp"

namespace soap::inline SOAP_ABI {

class Network;

/// The activity of a network for up to `capacity` examples at a time. Kept apart from the network, so that
/// passes with different inputs can stand side by side; sized once, so that passes allocate nothing.
class Workspace {
 public:
  Workspace(const Network& network, Index capacity);

  [[nodiscard]] Index capacity() const { return capacity_; }
  /// The output of layer `l` in the last forward pass, units x batch.
  [[nodiscard]] auto output(std::size_t l) { return outputs_[l].leftCols(batch_); }
  [[nodiscard]] auto output(std::size_t l) const { return outputs_[l].leftCols(batch_); }
  /// The error at that output in the last backward pass, units x batch.
  [[nodiscard]] auto error(std::size_t l) { return errors_[l].leftCols(batch_); }
  [[nodiscard]] auto error(std::size_t l) const { return errors_[l].leftCols(batch_); }

 private:
  friend class Network;
  std::vector<Matrix> outputs_;
  std::vector<Matrix> errors_;
  Index capacity_ = 0;
  Index batch_ = 0;
};

/// Layers from the input up.
///
///     Network net;
///     net.add<Dense>(784, 256);
///     net.add<Tanh>();
///     net.add<Dense>(256, 10, feedback::random());
///     net.initialize(seed);
class Network {
 public:
  /// Adds a layer on top. Throws std::invalid_argument when it does not fit on the one below.
  Layer& add(std::unique_ptr<Layer> layer);
  template <std::derived_from<Layer> L, class... Args>
  L& add(Args&&... args) {
    return static_cast<L&>(add(std::make_unique<L>(std::forward<Args>(args)...)));
  }

  /// Draws all parameters and feedback matrices from streams of this seed. The same seed gives the same
  /// weights whatever the feedback. Throws std::logic_error when no layer has parameters.
  void initialize(std::uint64_t seed);

  [[nodiscard]] std::size_t depth() const { return layers_.size(); }
  [[nodiscard]] Layer& layer(std::size_t l) { return *layers_[l]; }
  [[nodiscard]] const Layer& layer(std::size_t l) const { return *layers_[l]; }
  [[nodiscard]] LayerShape layer_shape(std::size_t l) const { return shapes_[l]; }
  [[nodiscard]] Index inputs() const { return shapes_.empty() ? 0 : shapes_.front().inputs; }
  [[nodiscard]] Index outputs() const { return shapes_.empty() ? 0 : shapes_.back().outputs; }
  /// Number of trained scalars.
  [[nodiscard]] Index parameter_count();

  /// x: inputs x batch, with batch at most the workspace's capacity. The result is
  /// `workspace.output(depth() - 1)`. Throws std::logic_error before `initialize`, std::invalid_argument when
  /// x does not fit.
  void forward(ConstRef x, Workspace& workspace, Phase phase);

  /// Sends the error in `workspace.error(depth() - 1)` down to the output of the lowest layer that learns,
  /// through each layer's own backward pass. targets: n_out x batch.
  void backward(ConstRef targets, Workspace& workspace);

  /// Lets the feedback of every edge that errors cross look at its weights; see Feedback::before_step.
  void before_step(std::int64_t examples_seen);

  /// Shows each parameter as "layers.0.weight", "layers.0.bias", ..., where layers without parameters count
  /// too.
  void visit_parameters(ParameterVisitor visit);
  /// Shows each parameter with its gradient in the pass that the workspace holds, in the same order.
  void visit_gradients(ConstRef x, const Workspace& workspace, GradientVisitor visit);

 private:
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<LayerShape> shapes_;
  std::size_t lowest_weighted_ = 0;
  bool initialized_ = false;
};

struct MlpOptions {
  std::string rule = "bp";          ///< feedback of every layer, see make_feedback
  std::string activation = "tanh";  ///< between the layers, see make_activation
  Initializer initializer = Initializer::xavier_normal;
  std::uint64_t seed = 1;
};

/// A multilayer perceptron, initialized: dense layers of the given sizes, input first, with an activation
/// between each two and none on top. Throws std::invalid_argument when there are fewer than two sizes or a
/// name is unknown.
Network mlp(const std::vector<Index>& sizes, const MlpOptions& options = {});

}  // namespace soap::inline SOAP_ABI
