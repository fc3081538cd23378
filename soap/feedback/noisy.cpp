#include "soap/feedback/noisy.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

double root_mean_square(ConstRef W) {
  double squares = 0;
  for (Index j = 0; j < W.cols(); ++j) squares += static_cast<double>(W.col(j).squaredNorm());
  return std::sqrt(squares / static_cast<double>(W.size()));
}

}  // namespace

NoisyFeedback::NoisyFeedback(const NoisyFeedbackOptions& options) : options_(options) {
  if (!(options.size >= 0) || !std::isfinite(options.size)) {
    throw std::invalid_argument("noisy feedback: size is " + to_text(options.size) +
                                ", expected a number of at least 0");
  }
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

Way NoisyFeedback::way(ConstRef) const { return {noisy_W_.transpose()}; }

std::optional<double> NoisyFeedback::transported_bits(ConstRef W, std::int64_t steps) const {
  return static_cast<double>(steps) * bits_of(W);
}

std::unique_ptr<Feedback> feedback::noisy(const NoisyFeedbackOptions& options) {
  return std::make_unique<NoisyFeedback>(options);
}

}  // namespace soap::inline SOAP_ABI
