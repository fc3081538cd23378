#include "soap/feedback/sign_symmetry.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/linalg/elementwise.hpp"
#include "soap/linalg/runs.hpp"

namespace soap {
inline namespace SOAP_ABI {

std::unique_ptr<Feedback> SignSymmetryFeedback::make(Magnitudes magnitudes, Spec& spec) {
  SignSymmetryOptions options{.magnitudes = magnitudes};
  if (magnitudes != Magnitudes::uniform)
    options.initializer = take_initializer(spec, options.initializer, "how the random sizes are drawn");
  return std::make_unique<SignSymmetryFeedback>(options);
}

void SignSymmetryFeedback::initialize(const EdgeShape& edge, Rng& rng) {
  signed_.resize(0, 0);
  if (options_.magnitudes == Magnitudes::uniform) return;
  M_.resize(edge.out, edge.in);
  if (options_.magnitudes == Magnitudes::redrawn) {
    fresh_.initialize(rng);
  } else {
    draw(options_.initializer, edge.in, edge.out, rng, M_);
  }
}

void SignSymmetryFeedback::before_step(ConstRef W, std::int64_t) {
  if (options_.magnitudes != Magnitudes::uniform && (M_.rows() != W.rows() || M_.cols() != W.cols()))
    throw std::logic_error(
        "sign-symmetric feedback: the weights have another shape; was the network initialized?");
  signed_.resize(W.rows(), W.cols());
  if (options_.magnitudes == Magnitudes::redrawn) fresh_.draw(options_.initializer, W.cols(), W.rows(), M_);
  const Index work = W.size() / 4;  // a refresh does several elements at a time
  for_each_run(W, gapless(W), work,
               [&](Index col, Index count) { refresh(W.col(col).data(), col * W.rows(), count); });
}

void SignSymmetryFeedback::refresh(const Scalar* weights, Index first, Index count) {
  Scalar* result = signed_.data() + first;
  if (options_.magnitudes == Magnitudes::uniform) {
    const auto both = static_cast<double>(signed_.rows() + signed_.cols());
    signed_size(weights, static_cast<Scalar>(std::sqrt(2 / both)), result, count);
  } else {
    signed_sizes(weights, M_.data() + first, result, count);
  }
}

void SignSymmetryFeedback::visit_state(StateVisitor& visitor) {
  if (options_.magnitudes == Magnitudes::redrawn) fresh_.visit_state(visitor);
  if (options_.magnitudes == Magnitudes::fixed) visitor.matrix("magnitudes", M_);
}

}  // namespace SOAP_ABI
}  // namespace soap
