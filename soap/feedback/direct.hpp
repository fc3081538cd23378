// Direct feedback alignment, and direct random target projection: what is known at the network's output goes
// straight to every layer.
#pragma once

#include "soap/feedback/drawing.hpp"
#include "soap/feedback/feedback.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Sends B·output_error down, past the layers between, where B (in x n_out) is drawn once and kept: direct
/// feedback alignment (Nøkland, 2016, eq. 7). Or -B·targets/batch: direct random target projection (Frenkel,
/// Lefebvre and Bol, 2021), under which no layer but the uppermost hears of an error at all; that one learns
/// from its own. Never looks at W.
class DirectFeedback final : public Feedback {
 public:
  /// B is drawn with the fans of weights from `in` to n_out units. Throws std::invalid_argument for a drawing
  /// that `checked` refuses.
  explicit DirectFeedback(const FeedbackDrawing& drawing = {}, Carries carries = Carries::output_error)
      : drawing_(checked(drawing)), carries_(carries) {}

  /// Throws std::invalid_argument when there is no such B for an edge of this shape.
  void initialize(const EdgeShape& edge, Rng& rng) override { draw(drawing_, edge.in, edge.n_out, rng, B_); }
  [[nodiscard]] Way way(ConstRef) const override { return {B_, carries_}; }
  [[nodiscard]] std::optional<double> transported_bits(ConstRef, std::int64_t) const override { return 0; }
  void visit_state(StateVisitor& visitor) override { visitor.matrix("direct_B", B_); }

 private:
  FeedbackDrawing drawing_;
  Carries carries_;
  Matrix B_;
};

}  // namespace SOAP_ABI
}  // namespace soap
