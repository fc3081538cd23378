// Backpropagation through weights that are read with noise.
#pragma once

#include "soap/base/spec.hpp"
#include "soap/feedback/feedback.hpp"
#include "soap/linalg/fresh_random.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct NoisyFeedbackOptions {
  double size = 0.5;  ///< of the noise: its deviation over the root mean square of W
};

/// Sends (W + size·rms(W)·N)ᵀ·delta down, with N: out x in of independent normal numbers, drawn anew at each
/// step, and W as it is before the step. A control experiment: how exact must the transported weights be? All
/// of every weight is counted as copied at every step, though at most log2(1 + 1/size²)/2 bits of it pass.
class NoisyFeedback final : public Feedback {
 public:
  /// Throws std::invalid_argument when the size is below 0 or not finite.
  explicit NoisyFeedback(const NoisyFeedbackOptions& options = {});
  /// From the parameters of a text, see make_feedback.
  static std::unique_ptr<Feedback> make(Spec& spec);

  void initialize(const EdgeShape& edge, Rng& rng) override;
  void before_step(ConstRef W, std::int64_t examples_seen) override;
  [[nodiscard]] Way way(ConstRef) const override { return {noisy_W_.transpose()}; }
  [[nodiscard]] std::optional<double> transported_bits(ConstRef W, std::int64_t steps) const override {
    return static_cast<double>(steps) * bits_of(W);
  }
  /// The counters from which the next noise is drawn.
  void visit_state(StateVisitor& visitor) override { fresh_.visit_state(visitor); }

 private:
  NoisyFeedbackOptions options_;
  FreshRandom fresh_;
  Matrix noisy_W_;  // out x in; empty before the first step
};

}  // namespace SOAP_ABI
}  // namespace soap
