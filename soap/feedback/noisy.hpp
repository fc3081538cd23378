// Backpropagation through weights that are read with noise.
#pragma once

#include "soap/feedback/feedback.hpp"
#include "soap/feedback/fresh_random.hpp"

namespace soap::inline SOAP_ABI {

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

  void initialize(const EdgeShape& edge, Rng& rng) override;
  void before_step(ConstRef W, std::int64_t examples_seen) override;
  [[nodiscard]] Way way(ConstRef W) const override;
  [[nodiscard]] std::optional<double> transported_bits(ConstRef W, std::int64_t steps) const override;
  /// The counters from which the next noise is drawn.
  void visit_state(StateVisitor& visitor) override { fresh_.visit_state(visitor); }

 private:
  NoisyFeedbackOptions options_;
  FreshRandom fresh_;
  Matrix noisy_W_;  // out x in; empty before the first step
};

namespace feedback {

std::unique_ptr<Feedback> noisy(const NoisyFeedbackOptions& options = {});

}  // namespace feedback

}  // namespace soap::inline SOAP_ABI
