// PEPITA: a second forward pass, of an input that the error has changed, in place of a backward pass.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/learn/stages.hpp"
#include "soap/learn/step.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct PepitaOptions {
  double scale = 0.05;  ///< of F, times what the initializer draws; above 0
  Initializer initializer = Initializer::kaiming_uniform;  ///< of F, with the fans of a layer from x to e
};

/// Dellaferrera and Kreiman, 2022, "Error-driven input modulation: solving the credit assignment problem
/// without a backward pass", algorithm 1. For each example, with e the error at the output:
///
///     h_l = f_l(W_l·h_(l-1) + b_l), h_0 = x;  h'_l likewise from h'_0 = x + F·e
///     dW_l = (h_l - h'_l)·h'_(l-1)ᵀ below the top, dW_L = e·h'_(L-1)ᵀ at the top
///
/// F: inputs x outputs, drawn once. e is the gradient of the example's own loss at the top layer's weighted
/// sums (softmax less target under SoftmaxCrossEntropy), whatever the size of the batch; updates are means
/// over the batch, and biases get the same errors. An optimizer takes dW for the gradient. Without a hidden
/// layer there is nothing to modulate: then dW = e·xᵀ, the delta rule.
class PepitaStep final : public LearningStep {
 public:
  /// Throws std::invalid_argument unless scale is a finite number above 0.
  explicit PepitaStep(const PepitaOptions& options = {});
  /// From the parameters of a text, see make_step.
  static std::unique_ptr<LearningStep> make(Spec& spec);

  [[nodiscard]] std::string kind() const override { return "pepita"; }
  /// Two forward passes take the place of one forward and one backward.
  [[nodiscard]] double passes() const override { return 1; }
  /// Draws F from the stream (seed, "pepita"). Throws as `stages_of`.
  void prepare(Network& network, Index capacity, std::uint64_t seed) override;
  /// Returns the loss of the first pass. Throws std::invalid_argument when no modulation has moved the input,
  /// or the weighted sums of a hidden layer whose input it moves, since the start: see ArrivalWatch.
  double run(const Batch& batch, const StepContext& context) override;
  /// The second pass, with the difference that a layer learns from as the error at its output.
  [[nodiscard]] const Workspace* last_pass() const override;
  [[nodiscard]] bool uses_feedback() const override { return false; }
  /// 1 at the default scale, by which the differences that it learns from grow and shrink.
  [[nodiscard]] double usual_lr() const override { return PepitaOptions().scale / options_.scale; }
  /// No weight leaves its place.
  [[nodiscard]] std::optional<double> transported_bits(Network&, std::int64_t) const override { return 0; }
  /// "F", and that of its ArrivalWatch, with a way to the input and one to each hidden layer.
  void visit_state(StateVisitor& visitor) override;

 private:
  [[nodiscard]] bool has_hidden() const { return stages_.size() > 1; }
  // Makes the errors of the second pass, and its input; e is gradient of the batch's mean loss.
  void modulate(ConstRef x, ConstRef e, Network& network);
  // Whether the sums of hidden stage i, and the activity that they are made of, differ in the two passes.
  [[nodiscard]] bool input_moved(std::size_t i, ConstRef x) const;
  [[nodiscard]] bool sums_moved(std::size_t i) const;
  void check_moved(ConstRef x, ConstRef e, Network& network);

  PepitaOptions options_;
  std::vector<Stage> stages_;
  Matrix F_;
  Matrix modulated_input_;  // inputs x capacity
  std::optional<Workspace> standard_;
  std::optional<Workspace> modulated_;
  ArrivalWatch arrivals_;
};

}  // namespace SOAP_ABI
}  // namespace soap
