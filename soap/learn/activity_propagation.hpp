// Second order activity propagation: two passes a step, and a Newton step at each hidden unit.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/learn/secant.hpp"
#include "soap/learn/step.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Which activities are moved.
enum class PerturbedActivity {
  preactivation,  ///< what a hidden weighted layer puts out, before its nonlinearity
  activation,     ///< what a weighted layer above the lowest takes in, after the nonlinearity
};

struct ActivityPropagationOptions {
  double lr = 1;  ///< of the activities: they move by lr/(number of elements of g1)·g1
  SecantOptions secant = {};
  PerturbedActivity at = PerturbedActivity::preactivation;
  /// A step whose first pass is among the first `warmup` training passes, two a step, is an ordinary one.
  std::int64_t warmup = 10;
};

/// Pass 1 runs forward and backward and keeps the error g1 at each perturbed activity. Pass 2 runs forward
/// with those activities moved by -eta·g1 and on its way back, where the error g2 arrives at one of them,
/// sends down what `Secant` makes of g1 and g2; nonlinearities keep the slope at what they put out before it
/// was moved. The update is made of pass 2 alone. Errors travel through the
/// layers' feedbacks, so that any feedback rule serves.
class ActivityPropagationStep final : public LearningStep {
 public:
  /// Throws std::invalid_argument when lr is not a finite number above 0, warmup is below 0, or for the
  /// secant's options.
  explicit ActivityPropagationStep(const ActivityPropagationOptions& options = {});
  /// From the parameters of a text, see make_step, all of which
  /// "soap:lr=1:damping=0.001:relative=no:curvature=signed:average=no:size=newton:at=preactivation:warmup=10"
  /// shows; the other choices are "yes", "absolute", "gradient" and "activation".
  static std::unique_ptr<LearningStep> make(Spec& spec);

  [[nodiscard]] std::string kind() const override { return "soap"; }
  [[nodiscard]] double passes() const override { return 2; }
  /// Throws std::invalid_argument when the network has no hidden layer to perturb.
  void prepare(Network& network, Index capacity, std::uint64_t seed) override;
  /// Returns the loss of pass 1. When that of pass 2 alone is not finite, returns that one and updates
  /// nothing. Throws std::invalid_argument when a layer with an error has been sent nothing but zeros since
  /// the start, see ArrivalWatch, as when its activities move by less than they are rounded to; a single such
  /// minibatch is one that is fitted so well that nothing moves.
  double run(const Batch& batch, const StepContext& context) override;
  /// Pass 2.
  [[nodiscard]] const Workspace* last_pass() const override { return second_ ? &*second_ : nullptr; }
  /// The number of training passes, which goes on from one `prepare` to the next, and that of its two
  /// ArrivalWatches, the second under "sent".
  void visit_state(StateVisitor& visitor) override;

  /// The output of these layers is perturbed. Known once prepared.
  [[nodiscard]] std::vector<std::size_t> perturbed() const;
  /// Whether to compute figures from the next step on; not at first.
  void watch(bool wanted) { watched_ = wanted; }
  /// Of the last step; none when it was not watched, and for ordinary steps.
  [[nodiscard]] const std::optional<ActivityFigures>& figures() const { return figures_; }

 private:
  [[nodiscard]] Scalar eta(ConstRef g1) const;
  double pass(const Batch& batch, const StepContext& context, Workspace& workspace, PassHook forward,
              PassHook backward);
  // The slope of a nonlinearity l is taken at the activity that it put out, which pass 2 leaves in the first
  // workspace, and the layer above learns from the moved one: called before and after the way down through
  // layer l.
  void exchange_activity(Network& network, std::size_t l);
  void replace_error(std::size_t l, Ref g2);
  // Throws std::invalid_argument when no layer's error ever gets there.
  void check_sent(Network& network);
  void finish_figures(double change);

  ActivityPropagationOptions options_;
  Secant secant_;
  std::vector<bool> perturbed_;      // by layer
  std::optional<Workspace> first_;   // whose errors hold g1
  std::optional<Workspace> second_;  // whose errors make the update
  ArrivalWatch arrivals_;            // of pass 1, through the feedbacks
  ArrivalWatch sent_;                // to the perturbed layers
  bool watched_ = false;
  std::int64_t passes_ = 0;
  std::optional<ActivityFigures> figures_;
};

}  // namespace SOAP_ABI
}  // namespace soap
