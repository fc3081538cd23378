#include "soap/feedback/random.hpp"

#include <stdexcept>

#include "soap/linalg/gemm.hpp"

namespace soap::inline SOAP_ABI {

void RandomFeedback::initialize(const EdgeShape& edge, Rng& rng) {
  draw(drawing_, edge.in, edge.out, rng, B_);
}

void RandomFeedback::send_down(ConstRef W, ConstRef delta, const Teaching&, Ref below) const {
  if (B_.rows() != W.cols() || B_.cols() != W.rows()) {
    throw std::logic_error(
        "feedback: B does not have the shape of the transposed weights; was the network initialized?");
  }
  gemm(1, B_, delta, 0, below);
}

void RandomFeedback::visit_state(StateVisitor& visitor) { visitor.matrix("B", B_); }

std::unique_ptr<Feedback> feedback::random(const FeedbackDrawing& drawing) {
  return std::make_unique<RandomFeedback>(drawing);
}

}  // namespace soap::inline SOAP_ABI
