// Slow sign transport: one bit of each weight reaches the feedback matrix now and then.
#pragma once

#include "soap/base/spec.hpp"
#include "soap/feedback/random.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The size of the entries of B after a refresh.
enum class SignScale {
  one,     ///< 1
  norm,    ///< ‖W‖_F / sqrt(nonzeros of W): B keeps the Frobenius norm of W, so that the step size is
           ///< controlled
  xavier,  ///< sqrt(2 / (in + out)), the standard deviation of Xavier-normal weights
};

struct SignFeedbackOptions {
  std::int64_t period = 6400;  ///< training examples between refreshes
  SignScale scale = SignScale::one;
  Initializer initializer = Initializer::xavier_normal;  ///< of B until the first refresh
};

/// Sends B·delta down, with B := scale·sign(Wᵀ) whenever another `period` examples have been seen, and with
/// the random B of feedback alignment until then. sign(0) = 0. For copying signs at every step see Liao,
/// Leibo and Poggio, 2016.
class SignFeedback final : public RandomFeedback {
 public:
  /// Throws std::invalid_argument when period < 1.
  explicit SignFeedback(const SignFeedbackOptions& options = {});
  /// From the parameters of a text, see make_feedback.
  static std::unique_ptr<Feedback> make(Spec& spec);

  void initialize(const EdgeShape& edge, Rng& rng) override;
  void before_step(ConstRef W, std::int64_t examples_seen) override;
  /// One bit a weight and refresh; the one number that `norm` needs besides is left out.
  [[nodiscard]] std::optional<double> transported_bits(ConstRef W, std::int64_t steps) const override;
  void visit_state(StateVisitor& visitor) override;

 private:
  void refresh(ConstRef W);

  SignFeedbackOptions options_;
  std::int64_t refreshes_due_ = 0;  // until the last step
  std::int64_t refreshes_ = 0;      // fewer, where a batch is longer than a period
};

}  // namespace SOAP_ABI
}  // namespace soap
