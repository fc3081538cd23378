// Feedback alignment: errors travel through a stored matrix.
#pragma once

#include "soap/feedback/feedback.hpp"
#include "soap/linalg/initializer.hpp"

namespace soap::inline SOAP_ABI {

struct RandomFeedbackOptions {
  Initializer initializer = Initializer::xavier_normal;  ///< of B, with the fans of W
};

/// Sends B·delta down, where B (in x out, the shape of Wᵀ) is drawn once and kept: feedback alignment
/// (Lillicrap, Cownden, Tweed and Akerman, 2016). Never looks at W. Rules that rewrite B now and then derive
/// from this class.
class RandomFeedback : public Feedback {
 public:
  explicit RandomFeedback(const RandomFeedbackOptions& options = {}) : options_(options) {}

  void initialize(const EdgeShape& edge, Rng& rng) override;
  /// Throws std::logic_error when B was never initialized or has another edge's shape.
  void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const override;
  [[nodiscard]] std::optional<double> transported_bits(ConstRef, std::int64_t) const override { return 0; }
  void visit_state(StateVisitor& visitor) override;

 protected:
  [[nodiscard]] Matrix& B() { return B_; }

 private:
  RandomFeedbackOptions options_;
  Matrix B_;
};

namespace feedback {

std::unique_ptr<Feedback> random(const RandomFeedbackOptions& options = {});

}  // namespace feedback

}  // namespace soap::inline SOAP_ABI
