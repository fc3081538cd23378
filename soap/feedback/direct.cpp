#include "soap/feedback/direct.hpp"

namespace soap::inline SOAP_ABI {

void DirectFeedback::initialize(const EdgeShape& edge, Rng& rng) {
  draw(drawing_, edge.in, edge.n_out, rng, B_);
}

Way DirectFeedback::way(ConstRef) const { return {B_, carries_}; }

void DirectFeedback::visit_state(StateVisitor& visitor) { visitor.matrix("direct_B", B_); }

std::unique_ptr<Feedback> feedback::direct(const FeedbackDrawing& drawing) {
  return std::make_unique<DirectFeedback>(drawing);
}

std::unique_ptr<Feedback> feedback::target(const FeedbackDrawing& drawing) {
  return std::make_unique<DirectFeedback>(drawing, Carries::targets);
}

}  // namespace soap::inline SOAP_ABI
