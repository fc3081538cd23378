#include "soap/feedback/noisy.hpp"

#include <cmath>

#include "soap/base/check.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

double root_mean_square(ConstRef W) {
  double squares = 0;
  for (Index j = 0; j < W.cols(); ++j) squares += static_cast<double>(W.col(j).squaredNorm());
  return std::sqrt(squares / static_cast<double>(W.size()));
}

}  // namespace

NoisyFeedback::NoisyFeedback(const NoisyFeedbackOptions& options) : options_(options) {
  check_number("noisy feedback", "size", options.size, 0);
}

std::unique_ptr<Feedback> NoisyFeedback::make(Spec& spec) {
  NoisyFeedbackOptions options;
  options.size =
      spec.take_number("size", options.size, 0, "deviation of the noise over the root mean square of W");
  return std::make_unique<NoisyFeedback>(options);
}

void NoisyFeedback::initialize(const EdgeShape&, Rng& rng) {
  fresh_.initialize(rng);
  noisy_W_.resize(0, 0);
}

void NoisyFeedback::before_step(ConstRef W, std::int64_t) {
  noisy_W_.resize(W.rows(), W.cols());
  fresh_.draw_normal(options_.size * root_mean_square(W), noisy_W_);
  noisy_W_ += W;
}

}  // namespace SOAP_ABI
}  // namespace soap
