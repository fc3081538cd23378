// Feedback alignment: errors travel through a stored matrix.
#pragma once

#include "soap/feedback/drawing.hpp"
#include "soap/feedback/feedback.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Sends B·delta down, where B (in x out, the shape of Wᵀ) is drawn once and kept: feedback alignment
/// (Lillicrap, Cownden, Tweed and Akerman, 2016). Never looks at W. Rules that rewrite B now and then derive
/// from this class.
class RandomFeedback : public Feedback {
 public:
  /// B is drawn with the fans of W. Throws std::invalid_argument for a drawing that `checked` refuses.
  explicit RandomFeedback(const FeedbackDrawing& drawing = {}) : drawing_(checked(drawing)) {}

  /// Throws std::invalid_argument when there is no such B for an edge of this shape.
  void initialize(const EdgeShape& edge, Rng& rng) override { draw(drawing_, edge.in, edge.out, rng, B_); }
  [[nodiscard]] Way way(ConstRef) const override { return {B_}; }
  [[nodiscard]] std::optional<double> transported_bits(ConstRef, std::int64_t) const override { return 0; }
  void visit_state(StateVisitor& visitor) override { visitor.matrix("B", B_); }

 protected:
  [[nodiscard]] Matrix& B() { return B_; }

 private:
  FeedbackDrawing drawing_;
  Matrix B_;
};

namespace feedback {

inline std::unique_ptr<Feedback> random(const FeedbackDrawing& drawing = {}) {
  return std::make_unique<RandomFeedback>(drawing);
}

}  // namespace feedback

}  // namespace SOAP_ABI
}  // namespace soap
