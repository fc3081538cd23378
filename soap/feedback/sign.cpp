#include "soap/feedback/sign.hpp"

#include <cmath>

#include "soap/base/check.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

double entry_size(SignScale scale, ConstRef W) {
  if (scale == SignScale::one) return 1;
  if (scale == SignScale::xavier) return std::sqrt(2.0 / static_cast<double>(W.rows() + W.cols()));
  double squares = 0;
  double nonzeros = 0;
  for (Index j = 0; j < W.cols(); ++j) {
    for (Index i = 0; i < W.rows(); ++i) {
      const double w = W(i, j);
      squares += w * w;
      nonzeros += w != 0 ? 1 : 0;
    }
  }
  return nonzeros == 0 ? 0 : std::sqrt(squares / nonzeros);
}

}  // namespace

SignFeedback::SignFeedback(const SignFeedbackOptions& options)
    : RandomFeedback({.initializer = options.initializer}), options_(options) {
  check_integer("sign feedback", "period", options.period, 1);
}

std::unique_ptr<Feedback> SignFeedback::make(Spec& spec) {
  SignFeedbackOptions options;
  options.period =
      spec.take_integer("period", options.period, 1, "examples from one copy of the signs to the next");
  options.scale = static_cast<SignScale>(
      spec.take_choice("scale", "one", {"one", "norm", "xavier"},
                       "size of the entries: 1, such that the matrix has the Frobenius norm of W, or the "
                       "deviation of Xavier-normal weights"));
  options.initializer = take_initializer(spec, options.initializer,
                                         "how the random matrix is drawn that serves until the first copy");
  return std::make_unique<SignFeedback>(options);
}

void SignFeedback::initialize(const EdgeShape& edge, Rng& rng) {
  RandomFeedback::initialize(edge, rng);
  refreshes_due_ = 0;
  refreshes_ = 0;
}

void SignFeedback::before_step(ConstRef W, std::int64_t examples_seen) {
  const std::int64_t due = examples_seen / options_.period;
  if (due > refreshes_due_) {
    refresh(W);
    ++refreshes_;
  }
  refreshes_due_ = due;
}

void SignFeedback::refresh(ConstRef W) {
  const auto size = static_cast<Scalar>(entry_size(options_.scale, W));
  for (Index j = 0; j < W.cols(); ++j) {
    for (Index i = 0; i < W.rows(); ++i) {
      const Scalar w = W(i, j);
      B()(j, i) = w > 0 ? size : (w < 0 ? -size : Scalar{0});
    }
  }
}

void SignFeedback::visit_state(StateVisitor& visitor) {
  RandomFeedback::visit_state(visitor);
  visitor.counter("refreshes_due", refreshes_due_);
  visitor.counter("refreshes", refreshes_);
}

std::optional<double> SignFeedback::transported_bits(ConstRef W, std::int64_t) const {
  return static_cast<double>(refreshes_) * static_cast<double>(W.size());
}

}  // namespace SOAP_ABI
}  // namespace soap
