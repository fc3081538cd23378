// Direct feedback alignment, and direct random target projection: what is known at the network's output goes
// straight to every layer.
#pragma once

#include "soap/feedback/drawing.hpp"
#include "soap/feedback/feedback.hpp"

namespace soap::inline SOAP_ABI {

/// Sends B·output_error down, past the layers between, where B (in x n_out) is drawn once and kept: direct
/// feedback alignment (Nøkland, 2016, eq. 7). Never looks at W.
class DirectFeedback : public Feedback {
 public:
  /// B is drawn with the fans of weights from `in` to n_out units. Throws std::invalid_argument for a drawing
  /// that `checked` refuses.
  explicit DirectFeedback(const FeedbackDrawing& drawing = {}) : drawing_(checked(drawing)) {}

  /// Throws std::invalid_argument when there is no such B for an edge of this shape.
  void initialize(const EdgeShape& edge, Rng& rng) override;
  /// Throws std::logic_error when B was never initialized or has another edge's shape.
  void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const override;
  [[nodiscard]] Carries carries() const override { return Carries::output_error; }
  [[nodiscard]] std::optional<double> transported_bits(ConstRef, std::int64_t) const override { return 0; }
  /// B is "direct_B".
  void visit_state(StateVisitor& visitor) override;

 protected:
  /// below = alpha·B·top, with top: n_out x batch.
  void send(Scalar alpha, ConstRef W, ConstRef top, Ref below) const;

 private:
  FeedbackDrawing drawing_;
  Matrix B_;
};

/// Sends -B·targets/batch down: direct random target projection (Frenkel, Lefebvre and Bol, 2021). No
/// layer but the uppermost hears of an error at all; that one learns from its own.
class TargetFeedback final : public DirectFeedback {
 public:
  using DirectFeedback::DirectFeedback;

  void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const override;
  [[nodiscard]] Carries carries() const override { return Carries::targets; }
};

namespace feedback {

std::unique_ptr<Feedback> direct(const FeedbackDrawing& drawing = {});
std::unique_ptr<Feedback> target(const FeedbackDrawing& drawing = {});

}  // namespace feedback

}  // namespace soap::inline SOAP_ABI
