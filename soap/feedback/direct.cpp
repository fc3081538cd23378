#include "soap/feedback/direct.hpp"

#include <stdexcept>

#include "soap/linalg/gemm.hpp"

namespace soap::inline SOAP_ABI {

void DirectFeedback::initialize(const EdgeShape& edge, Rng& rng) {
  draw(drawing_, edge.in, edge.n_out, rng, B_);
}

void DirectFeedback::send(Scalar alpha, ConstRef W, ConstRef top, Ref below) const {
  if (B_.rows() != W.cols() || B_.cols() != top.rows()) {
    throw std::logic_error(
        "direct feedback: B does not lead from the network's output to the layer below; was the network "
        "initialized?");
  }
  gemm(alpha, B_, top, 0, below);
}

void DirectFeedback::send_down(ConstRef W, ConstRef, const Teaching& teaching, Ref below) const {
  send(1, W, teaching.output_error, below);
}

void DirectFeedback::visit_state(StateVisitor& visitor) { visitor.matrix("direct_B", B_); }

void TargetFeedback::send_down(ConstRef W, ConstRef, const Teaching& teaching, Ref below) const {
  // The minus is the error's own, output - target. Errors of a batch's mean loss come divided by its size.
  send(Scalar{-1} / static_cast<Scalar>(teaching.targets.cols()), W, teaching.targets, below);
}

std::unique_ptr<Feedback> feedback::direct(const FeedbackDrawing& drawing) {
  return std::make_unique<DirectFeedback>(drawing);
}

std::unique_ptr<Feedback> feedback::target(const FeedbackDrawing& drawing) {
  return std::make_unique<TargetFeedback>(drawing);
}

}  // namespace soap::inline SOAP_ABI
