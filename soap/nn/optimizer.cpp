#include "soap/nn/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/linalg/kernels/kernels.hpp"
#include "soap/linalg/runs.hpp"

namespace soap::inline SOAP_ABI {

namespace {

void check(bool valid, const char* name, double found, const char* expected) {
  if (valid) return;
  throw std::invalid_argument(std::string(name) + ": found " + to_text(found) + ", expected " + expected);
}

void check_fraction(const char* name, double value) {
  check(value >= 0 && value < 1, name, value, "a number from 0 to below 1");
}

void check_at_least_zero(const char* name, double value) {
  check(value >= 0 && std::isfinite(value), name, value, "a number of at least 0");
}

void check_adam(const AdamOptions& options) {
  check_fraction("beta1", options.beta1);
  check_fraction("beta2", options.beta2);
  check_at_least_zero("epsilon", options.epsilon);
  check_at_least_zero("weight_decay", options.weight_decay);
}

// Calls step(i, W, count) for elements i ... i + count - 1 of the matrix, side by side from W on.
template <class Step>
void step_elements(Ref W, Step step) {
  // Such a step does several elements at a time.
  const Index work = W.size() / 4;
  for_each_run(W, gapless(W), work,
               [&](Index col, Index count) { step(col * W.rows(), W.col(col).data(), count); });
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
  step_elements(W, [&](Index i, Scalar* weights, Index count) {
    kernels().adam(step, g.data() + i, m.data() + i, v.data() + i, weights, count);
  });
}

// The gradient is made anew in each step.
constexpr const char* gradient_alone = "";

std::vector<std::string> sgd_state(const SgdOptions& options) {
  std::vector<std::string> names;
  if (options.manhattan) names.emplace_back(gradient_alone);
  if (options.momentum != 0) names.emplace_back("momentum_buffer");
  if (options.nesterov) names.emplace_back(gradient_alone);
  return names;
}

std::vector<std::string> adam_state() { return {"exp_avg", "exp_avg_sq", gradient_alone}; }

// Moves W against the sign of the gradient g, and v, where there is momentum.
void manhattan_step(Ref W, const Gradient& gradient, std::vector<Matrix>& state, const ManhattanStep& step) {
  Matrix& g = state[0];
  Scalar* v = state.size() > 1 ? state[1].data() : nullptr;
  gradient.accumulate(1, 0, g);
  step_elements(W, [&](Index i, Scalar* weights, Index count) {
    kernels().manhattan(step, g.data() + i, v == nullptr ? nullptr : v + i, weights, count);
  });
}

// The number of the layer in a parameter's name, "layers.NUMBER.".
std::string_view layer_of(std::string_view parameter) {
  const std::size_t start = parameter.find('.') + 1;
  return parameter.substr(start, parameter.find('.', start) - start);
}

// For each parameter, then for each of the feedbacks, the factor of its layer; nothing without factors.
std::vector<double> parameter_factors(Network& network, const std::vector<double>& factors) {
  if (factors.empty()) return {};
  std::vector<std::string> layers;
  network.visit_parameters([&](std::string_view name, Ref) {
    if (layers.empty() || layers.back() != layer_of(name)) layers.emplace_back(layer_of(name));
  });
  if (layers.size() != factors.size()) {
    throw std::invalid_argument("layers: found " + std::to_string(factors.size()) +
                                " factors of the learning rate, expected " + std::to_string(layers.size()) +
                                ", one for each layer with parameters");
  }
  std::vector<double> by_parameter;
  const auto add = [&](std::string_view name, Ref) {
    const auto layer = std::find(layers.begin(), layers.end(), layer_of(name));
    by_parameter.push_back(factors[static_cast<std::size_t>(layer - layers.begin())]);
  };
  network.visit_parameters(add);
  network.visit_feedback_parameters(add);
  return by_parameter;
}

}  // namespace

Optimizer::Optimizer(double lr, std::vector<std::string> state) : lr_(lr), state_names_(std::move(state)) {
  check(lr > 0 && std::isfinite(lr), "lr", lr, "a number above 0");
  if (!(static_cast<Scalar>(lr) > 0)) check(false, "lr", lr, ("at least " + least_scalar()).c_str());
}

void Optimizer::set_layer_factors(std::vector<double> factors) {
  for (const double factor : factors) check_at_least_zero("layers", factor);
  if (!factors.empty() && std::all_of(factors.begin(), factors.end(), [](double f) { return f == 0; }))
    throw std::invalid_argument("layers: found nothing but zeros, expected a number above 0 among them");
  layer_factors_ = std::move(factors);
}

void Optimizer::attach(Network& network) {
  steps_ = 0;
  parameter_names_.clear();
  parameter_shapes_.clear();
  states_.clear();
  factors_ = parameter_factors(network, layer_factors_);
  const auto add = [&](std::string_view name, Ref value) {
    parameter_names_.emplace_back(name);
    parameter_shapes_.emplace_back(value.rows(), value.cols());
    states_.emplace_back(state_names_.size(), Matrix::Zero(value.rows(), value.cols()));
  };
  network.visit_parameters(add);
  network.visit_feedback_parameters(add);
}

void Optimizer::step(Network& network, ConstRef x, const Workspace& workspace, double lr_factor) {
  if (states_.empty()) throw std::logic_error("optimizer: call attach(network) before the first step");
  check_at_least_zero("lr factor", lr_factor);
  ++steps_;
  std::size_t parameter = 0;
  const auto train = [&](Ref value, const Gradient& gradient) {
    if (parameter == states_.size()) {
      throw std::invalid_argument("optimizer: found a gradient for more than the " +
                                  std::to_string(parameter) + " parameters that it is attached to");
    }
    if (std::pair(value.rows(), value.cols()) != parameter_shapes_[parameter]) {
      throw std::invalid_argument("optimizer: found a gradient for another matrix than " +
                                  parameter_names_[parameter] + ", expected the order of the parameters");
    }
    const double factor = factors_.empty() ? lr_factor : lr_factor * factors_[parameter];
    update(value, gradient, states_[parameter++], lr_ * factor);
  };
  network.visit_gradients(x, workspace, train);
  network.visit_feedback_gradients(workspace, train);
  if (parameter < states_.size()) {
    throw std::invalid_argument("optimizer: found gradients for " + std::to_string(parameter) + " of the " +
                                std::to_string(states_.size()) + " parameters that it is attached to");
  }
}

void Optimizer::visit_state(StateVisitor& visitor) {
  visitor.counter("steps", steps_);
  for (std::size_t parameter = 0; parameter < states_.size(); ++parameter) {
    for (std::size_t i = 0; i < state_names_.size(); ++i) {
      if (state_names_[i].empty()) continue;
      visitor.matrix(parameter_names_[parameter] + '.' + state_names_[i], states_[parameter][i]);
    }
  }
}

Sgd::Sgd(const SgdOptions& options) : Optimizer(options.lr, sgd_state(options)), options_(options) {
  check_fraction("momentum", options.momentum);
  check_at_least_zero("weight_decay", options.weight_decay);
  if (options.nesterov && options.momentum == 0) {
    throw std::invalid_argument("nesterov: found momentum 0, expected a momentum above 0");
  }
  if (options.nesterov && options.manhattan) {
    throw std::invalid_argument("nesterov: found it together with manhattan, expected one of the two");
  }
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
    step_elements(W, [&](Index i, Scalar* weights, Index count) {
      kernels().momentum({.rate = rate, .decay = decay}, v.data() + i, weights, count);
    });
  } else {
    Matrix& g = state[1];
    gradient.accumulate(1, 0, g);
    const NesterovStep step{.rate = rate, .decay = decay, .momentum = momentum};
    step_elements(W, [&](Index i, Scalar* weights, Index count) {
      kernels().nesterov(step, g.data() + i, v.data() + i, weights, count);
    });
  }
}

Adam::Adam(const AdamOptions& options) : Optimizer(options.lr, adam_state()), options_(options) {
  check_adam(options);
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

void AdamW::update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) {
  AdamStep step = adam_factors(options_, lr, steps());
  step.keep = static_cast<Scalar>(1 - lr * options_.weight_decay);
  adam_step(W, gradient, state, step);
}

RmsProp::RmsProp(const RmsPropOptions& options)
    : Optimizer(options.lr, {"square_avg", gradient_alone}), options_(options) {
  check_fraction("smoothing", options.smoothing);
  check_at_least_zero("epsilon", options.epsilon);
  check_at_least_zero("weight_decay", options.weight_decay);
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
  step_elements(W, [&](Index i, Scalar* weights, Index count) {
    kernels().rmsprop(step, g.data() + i, v.data() + i, weights, count);
  });
}

}  // namespace soap::inline SOAP_ABI
