// Difference target propagation: layers learn to reach targets that learned inverses send down.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/learn/learned_inverse.hpp"
#include "soap/learn/stages.hpp"
#include "soap/learn/step.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct TargetPropagationOptions {
  double target = 0.5;      ///< how far the top hidden layer's target lies down the gradient; above 0
  double inverse_lr = 0.5;  ///< of the inverses, divided by the units that each reads; at least 0
  double noise = 0.3;  ///< standard deviation, at least 0, of what corrupts activity to train inverses on
  Initializer initializer = Initializer::xavier_normal;  ///< of the inverses
};

/// Lee, Zhang, Fischer and Bengio, 2015, "Difference target propagation", algorithm 1. With h_0 = x, hidden
/// layers h_l = f_l(h_(l-1)), l = 1 ... M-1, an output layer W_M above them, and for each example
///
///     t_(M-1) = h_(M-1) - target·dL/dh_(M-1)            through W_Mᵀ
///     t_(l-1) = h_(l-1) - g_l(h_l) + g_l(t_l)           g_l: see LearnedInverse
///
/// each hidden layer steps down the slope of its own |f_l(h_(l-1)) - t_l|², the output layer that of the
/// loss; each g_l then learns to undo f_l around the present activity, by plain gradient descent at
/// inverse_lr/(units of h_l), whatever optimizer and schedule the network has. L is the example's own loss,
/// and updates are means over the batch. With target 0.5 the top hidden layer learns as under
/// backpropagation; with no hidden layer the rule is the delta rule.
class TargetPropagationStep final : public LearningStep {
 public:
  /// Throws std::invalid_argument when an option is out of range.
  explicit TargetPropagationStep(const TargetPropagationOptions& options = {});
  /// From the parameters of a text, see make_step.
  static std::unique_ptr<LearningStep> make(Spec& spec);

  [[nodiscard]] std::string kind() const override { return "dtp"; }
  /// One for the network and one for what its inverses learn.
  [[nodiscard]] double passes() const override { return 2; }
  /// Draws the inverse of each hidden layer but the lowest from a stream (seed, "dtp inverse", l - 2) of its
  /// own. Throws as `stages_of`, and std::invalid_argument, with rule and layer, where more than one
  /// element-wise layer follows a hidden layer, or the weights of the output layer are not outputs x inputs.
  void prepare(Network& network, Index capacity, std::uint64_t seed) override;
  /// Throws std::invalid_argument when nothing but zeros has come to a hidden layer since the start, although
  /// there was something above it: see ArrivalWatch.
  double run(const Batch& batch, const StepContext& context) override;
  /// The pass, with 2·(h - t)/batch as the error at a hidden layer's output.
  [[nodiscard]] const Workspace* last_pass() const override { return workspace_ ? &*workspace_ : nullptr; }
  [[nodiscard]] bool uses_feedback() const override { return false; }
  /// The output layer's weights at each step, where there is a hidden layer to send them to.
  [[nodiscard]] std::optional<double> transported_bits(Network& network, std::int64_t steps) const override;
  /// Of the inverse of layer N "layers.N.inverse.V" and "layers.N.inverse.c", the count of noise columns, and
  /// that of its ArrivalWatch, with a way to each hidden layer.
  void visit_state(StateVisitor& visitor) override;

 private:
  [[nodiscard]] std::size_t hidden() const { return stages_.size() - 1; }
  // Writes t - h for each hidden layer, from the top down.
  void find_targets(Network& network, Index batch);
  void check_arrivals(Network& network, Index batch);

  TargetPropagationOptions options_;
  std::vector<Stage> stages_;
  std::vector<LearnedInverse> inverses_;  // from each hidden stage but the lowest
  std::vector<Matrix> differences_;       // t - h of each hidden stage, units x capacity
  std::optional<Workspace> workspace_;
  std::uint64_t seed_ = 0;
  std::int64_t noise_columns_ = 0;  // drawn so far
  ArrivalWatch arrivals_;
};

}  // namespace SOAP_ABI
}  // namespace soap
