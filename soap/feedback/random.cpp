#include "soap/feedback/random.hpp"

namespace soap::inline SOAP_ABI {

void RandomFeedback::initialize(const EdgeShape& edge, Rng& rng) {
  draw(drawing_, edge.in, edge.out, rng, B_);
}

Way RandomFeedback::way(ConstRef) const { return {B_}; }

void RandomFeedback::visit_state(StateVisitor& visitor) { visitor.matrix("B", B_); }

std::unique_ptr<Feedback> feedback::random(const FeedbackDrawing& drawing) {
  return std::make_unique<RandomFeedback>(drawing);
}

}  // namespace soap::inline SOAP_ABI
