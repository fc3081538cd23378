#include <stdexcept>

#include "soap/linalg/kernels/kernels.hpp"
#include "soap/nn/optimizer.hpp"
#include "soap/nn/optimizer_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::vector<std::string> sgd_state(const SgdOptions& options) {
  std::vector<std::string> names;
  if (options.manhattan) names.emplace_back(detail::gradient_alone);
  if (options.momentum != 0) names.emplace_back("momentum_buffer");
  if (options.nesterov) names.emplace_back(detail::gradient_alone);
  return names;
}

// Moves W against the sign of the gradient g, and v, where there is momentum.
void manhattan_step(Ref W, const Gradient& gradient, std::vector<Matrix>& state, const ManhattanStep& step) {
  Matrix& g = state[0];
  Scalar* v = state.size() > 1 ? state[1].data() : nullptr;
  gradient.accumulate(1, 0, g);
  detail::step_elements(W, [&](Index i, Scalar* weights, Index count) {
    kernels().manhattan(step, g.data() + i, v == nullptr ? nullptr : v + i, weights, count);
  });
}

}  // namespace

Sgd::Sgd(const SgdOptions& options) : Optimizer(options.lr, sgd_state(options)), options_(options) {
  detail::check_fraction("momentum", options.momentum);
  detail::check_at_least_zero("weight_decay", options.weight_decay);
  if (options.nesterov && options.momentum == 0) {
    throw std::invalid_argument("nesterov: found momentum 0, expected a momentum above 0");
  }
  if (options.nesterov && options.manhattan) {
    throw std::invalid_argument("nesterov: found it together with manhattan, expected one of the two");
  }
}

std::unique_ptr<Optimizer> Sgd::make(Spec& spec, double lr) {
  SgdOptions options{.lr = lr};
  options.momentum =
      spec.take_number("momentum", options.momentum, 0, "what the last update keeps at a step; below 1");
  options.weight_decay = detail::take_gradient_decay(spec, options.weight_decay);
  options.nesterov = spec.take_yes("nesterov", options.nesterov, "whether the momentum is Nesterov's");
  options.manhattan = spec.take_yes("manhattan", options.manhattan, "the gradient's sign in place of it");
  return std::make_unique<Sgd>(options);
}

void Sgd::update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) {
  const auto rate = static_cast<Scalar>(lr);
  const auto decay = static_cast<Scalar>(options_.weight_decay);
  const auto momentum = static_cast<Scalar>(options_.momentum);
  if (options_.manhattan) return manhattan_step(W, gradient, state, {rate, decay, momentum});
  if (state.empty())
    return gradient.accumulate(-rate, static_cast<Scalar>(1 - lr * options_.weight_decay), W);
  Matrix& v = state[0];
  if (!options_.nesterov) {
    gradient.accumulate(1, momentum, v);
    detail::step_elements(W, [&](Index i, Scalar* weights, Index count) {
      kernels().momentum({.rate = rate, .decay = decay}, v.data() + i, weights, count);
    });
  } else {
    Matrix& g = state[1];
    gradient.accumulate(1, 0, g);
    const NesterovStep step{.rate = rate, .decay = decay, .momentum = momentum};
    detail::step_elements(W, [&](Index i, Scalar* weights, Index count) {
      kernels().nesterov(step, g.data() + i, v.data() + i, weights, count);
    });
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
