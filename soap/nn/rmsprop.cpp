#include "soap/linalg/kernels/kernels.hpp"
#include "soap/nn/optimizer.hpp"
#include "soap/nn/optimizer_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

RmsProp::RmsProp(const RmsPropOptions& options)
    : Optimizer(options.lr, {"square_avg", detail::gradient_alone}), options_(options) {
  detail::check_fraction("smoothing", options.smoothing);
  detail::check_at_least_zero("epsilon", options.epsilon);
  detail::check_at_least_zero("weight_decay", options.weight_decay);
}

std::unique_ptr<Optimizer> RmsProp::make(Spec& spec, double lr) {
  RmsPropOptions options{.lr = lr};
  options.smoothing = spec.take_number("smoothing", options.smoothing, 0,
                                       "what the mean of squared gradients keeps at a step; below 1");
  options.epsilon = detail::take_epsilon(spec, options.epsilon);
  options.weight_decay = detail::take_gradient_decay(spec, options.weight_decay);
  return std::make_unique<RmsProp>(options);
}

void RmsProp::update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) {
  Matrix& v = state[0];
  Matrix& g = state[1];
  gradient.accumulate(1, 0, g);
  const RmsPropStep step{.rate = static_cast<Scalar>(lr),
                         .decay = static_cast<Scalar>(options_.weight_decay),
                         .smoothing = static_cast<Scalar>(options_.smoothing),
                         .rest = static_cast<Scalar>(1 - options_.smoothing),
                         .epsilon = static_cast<Scalar>(options_.epsilon)};
  detail::step_elements(W, [&](Index i, Scalar* weights, Index count) {
    kernels().rmsprop(step, g.data() + i, v.data() + i, weights, count);
  });
}

}  // namespace SOAP_ABI
}  // namespace soap
