// Weight mirrors: the feedback matrix learns from noise that passes through the weights.
#pragma once

#include "soap/base/spec.hpp"
#include "soap/feedback/random.hpp"
#include "soap/linalg/fresh_random.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct WeightMirrorOptions {
  std::int64_t period = 640;  ///< training examples between phases of noise
  Index samples = 512;        ///< columns of noise in a phase
  double rate = 0.2;          ///< at which B learns
  double noise = 1;           ///< standard deviation of the noise
  double gain = 0.5;          ///< the deviation that B gives to activity, see below
  Initializer initializer = Initializer::xavier_normal;  ///< of B until the first phase
};

/// Sends B·delta down, where B (in x out) learns in phases of its own, whenever another `period` examples
/// have been seen (Akrout et al., 2019, "Deep learning without weight transport", eq. 7): the units below are
/// active at random, x: in x samples of N(0, noise²), the weights make y = W·x of that, and
///
///     B += rate·x·yᵀ/samples
///
/// which on average is rate·noise²·Wᵀ. Only activity crosses over, no weight. Alone that would grow without
/// bound, so each phase ends as the authors' program means to (it does not store the result): B is divided by
/// what it does to random activity and multiplied by `gain`, so that the deviation over the units of B·u,
/// mean over u: out x samples of U(0, 1), is `gain`. B keeps a size of its own, whatever that of W, and
/// forgets as it learns.
///
/// Keeps (in + out)·samples numbers beside B.
class WeightMirrorFeedback final : public RandomFeedback {
 public:
  /// Throws std::invalid_argument when period or samples is below 1, or one of the others not above 0.
  explicit WeightMirrorFeedback(const WeightMirrorOptions& options = {});
  /// From the parameters of a text, see make_feedback.
  static std::unique_ptr<Feedback> make(Spec& spec);

  void initialize(const EdgeShape& edge, Rng& rng) override;
  void before_step(ConstRef W, std::int64_t examples_seen) override;
  void visit_state(StateVisitor& visitor) override;

 private:
  void mirror(ConstRef W);
  void normalize();

  WeightMirrorOptions options_;
  FreshRandom fresh_;
  std::int64_t phases_due_ = 0;  // until the last step
  Matrix below_;                 // in x samples
  Matrix above_;                 // out x samples
};

}  // namespace SOAP_ABI
}  // namespace soap
