#include <cmath>

#include "soap/linalg/kernels/kernels.hpp"
#include "soap/nn/optimizer.hpp"
#include "soap/nn/optimizer_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

void check_adam(const AdamOptions& options) {
  detail::check_fraction("beta1", options.beta1);
  detail::check_fraction("beta2", options.beta2);
  detail::check_at_least_zero("epsilon", options.epsilon);
  detail::check_at_least_zero("weight_decay", options.weight_decay);
}

// Without weight decay.
AdamStep adam_factors(const AdamOptions& options, double lr, std::int64_t steps) {
  const double unbias1 = 1 / (1 - std::pow(options.beta1, static_cast<double>(steps)));
  const double unbias2 = 1 / (1 - std::pow(options.beta2, static_cast<double>(steps)));
  return {.rate = static_cast<Scalar>(lr * unbias1),
          .keep = 1,
          .decay = 0,
          .beta1 = static_cast<Scalar>(options.beta1),
          .rest1 = static_cast<Scalar>(1 - options.beta1),
          .beta2 = static_cast<Scalar>(options.beta2),
          .rest2 = static_cast<Scalar>(1 - options.beta2),
          .root = static_cast<Scalar>(std::sqrt(unbias2)),
          .epsilon = static_cast<Scalar>(options.epsilon)};
}

// Moves W against the gradient g; the other two of the state are the running means of g and of its square.
void adam_step(Ref W, const Gradient& gradient, std::vector<Matrix>& state, const AdamStep& step) {
  Matrix& m = state[0];
  Matrix& v = state[1];
  Matrix& g = state[2];
  gradient.accumulate(1, 0, g);
  detail::step_elements(W, [&](Index i, Scalar* weights, Index count) {
    kernels().adam(step, g.data() + i, m.data() + i, v.data() + i, weights, count);
  });
}

std::vector<std::string> adam_state() { return {"exp_avg", "exp_avg_sq", detail::gradient_alone}; }

// All but the weight decay, which Adam and AdamW use in different ways.
template <class Options>
Options take_adam(Spec& spec, double lr) {
  Options options{.lr = lr};
  options.beta1 =
      spec.take_number("beta1", options.beta1, 0, "what the mean of gradients keeps at a step; below 1");
  options.beta2 =
      spec.take_number("beta2", options.beta2, 0, "what the mean of squared gradients keeps; below 1");
  options.epsilon = detail::take_epsilon(spec, options.epsilon);
  return options;
}

}  // namespace

Adam::Adam(const AdamOptions& options) : Optimizer(options.lr, adam_state()), options_(options) {
  check_adam(options);
}

std::unique_ptr<Optimizer> Adam::make(Spec& spec, double lr) {
  auto options = take_adam<AdamOptions>(spec, lr);
  options.weight_decay = detail::take_gradient_decay(spec, options.weight_decay);
  return std::make_unique<Adam>(options);
}

void Adam::update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) {
  AdamStep step = adam_factors(options_, lr, steps());
  step.decay = static_cast<Scalar>(options_.weight_decay);
  adam_step(W, gradient, state, step);
}

AdamW::AdamW(const AdamWOptions& options)
    : Optimizer(options.lr, adam_state()),
      options_{.lr = options.lr,
               .beta1 = options.beta1,
               .beta2 = options.beta2,
               .epsilon = options.epsilon,
               .weight_decay = options.weight_decay} {
  check_adam(options_);
}

std::unique_ptr<Optimizer> AdamW::make(Spec& spec, double lr) {
  auto options = take_adam<AdamWOptions>(spec, lr);
  options.weight_decay = spec.take_number("weight_decay", options.weight_decay, 0,
                                          "times the learning rate, the share that W shrinks by at a step");
  return std::make_unique<AdamW>(options);
}

void AdamW::update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) {
  AdamStep step = adam_factors(options_, lr, steps());
  step.keep = static_cast<Scalar>(1 - lr * options_.weight_decay);
  adam_step(W, gradient, state, step);
}

}  // namespace SOAP_ABI
}  // namespace soap
