#include "soap/nn/optimizer.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/base/spec.hpp"
#include "soap/base/text.hpp"
#include "soap/linalg/kernels/kernels.hpp"
#include "soap/linalg/threads.hpp"

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

// The options that Adam and AdamW share, which differ in their defaults.
template <class Options>
Options take_adam(Spec& spec, double lr) {
  Options options{.lr = lr};
  options.beta1 = spec.take_number("beta1", options.beta1, 0);
  options.beta2 = spec.take_number("beta2", options.beta2, 0);
  options.epsilon = spec.take_number("epsilon", options.epsilon, 0);
  options.weight_decay = spec.take_number("weight_decay", options.weight_decay, 0);
  return options;
}

// Calls step(i, W, count) for elements i ... i + count - 1 of the matrix, side by side from W on. Several
// threads take part where the matrix is large.
void for_each_run(Ref W, FunctionRef<void(Index i, Scalar* W, Index count)> step) {
  const Index rows = W.rows();
  // Such a step does several elements at a time.
  const Index work = W.size() / 4;
  parallel_ranges(W.cols(), work, [&](Index first, Index cols) {
    if (W.outerStride() == rows) return step(first * rows, W.data() + first * rows, rows * cols);
    for (Index j = first; j < first + cols; ++j) step(j * rows, W.col(j).data(), rows);
  });
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
  for_each_run(W, [&](Index i, Scalar* weights, Index count) {
    kernels().adam(step, g.data() + i, m.data() + i, v.data() + i, weights, count);
  });
}

}  // namespace

Optimizer::Optimizer(double lr, int state_count) : lr_(lr), state_count_(state_count) {
  check(lr > 0 && std::isfinite(lr), "lr", lr, "a number above 0");
}

void Optimizer::attach(Network& network) {
  steps_ = 0;
  states_.clear();
  const auto add = [&](std::string_view, Ref value) {
    states_.emplace_back(static_cast<std::size_t>(state_count_), Matrix::Zero(value.rows(), value.cols()));
  };
  network.visit_parameters(add);
  network.visit_feedback_parameters(add);
}

void Optimizer::step(Network& network, ConstRef x, const Workspace& workspace, double lr_factor) {
  if (states_.empty()) throw std::logic_error("optimizer: call attach(network) before the first step");
  ++steps_;
  std::size_t parameter = 0;
  const auto train = [&](Ref value, const Gradient& gradient) {
    update(value, gradient, states_[parameter++], lr_ * lr_factor);
  };
  network.visit_gradients(x, workspace, train);
  network.visit_feedback_gradients(workspace, train);
}

Sgd::Sgd(const SgdOptions& options)
    : Optimizer(options.lr, options.momentum == 0 ? 0 : (options.nesterov ? 2 : 1)), options_(options) {
  check_fraction("momentum", options.momentum);
  check_at_least_zero("weight_decay", options.weight_decay);
  if (options.nesterov && options.momentum == 0) {
    throw std::invalid_argument("nesterov: found momentum 0, expected a momentum above 0");
  }
}

void Sgd::update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) {
  const auto rate = static_cast<Scalar>(lr);
  const auto decay = static_cast<Scalar>(options_.weight_decay);
  const auto momentum = static_cast<Scalar>(options_.momentum);
  if (state.empty())
    return gradient.accumulate(-rate, static_cast<Scalar>(1 - lr * options_.weight_decay), W);
  Matrix& v = state[0];
  if (!options_.nesterov) {
    gradient.accumulate(1, momentum, v);
    for_each_run(W, [&](Index i, Scalar* weights, Index count) {
      kernels().momentum({.rate = rate, .decay = decay}, v.data() + i, weights, count);
    });
  } else {
    Matrix& g = state[1];
    gradient.accumulate(1, 0, g);
    const NesterovStep step{.rate = rate, .decay = decay, .momentum = momentum};
    for_each_run(W, [&](Index i, Scalar* weights, Index count) {
      kernels().nesterov(step, g.data() + i, v.data() + i, weights, count);
    });
  }
}

Adam::Adam(const AdamOptions& options) : Optimizer(options.lr, 3), options_(options) { check_adam(options); }

void Adam::update(Ref W, const Gradient& gradient, std::vector<Matrix>& state, double lr) {
  AdamStep step = adam_factors(options_, lr, steps());
  step.decay = static_cast<Scalar>(options_.weight_decay);
  adam_step(W, gradient, state, step);
}

AdamW::AdamW(const AdamWOptions& options)
    : Optimizer(options.lr, 3),
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

RmsProp::RmsProp(const RmsPropOptions& options) : Optimizer(options.lr, 2), options_(options) {
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
  for_each_run(W, [&](Index i, Scalar* weights, Index count) {
    kernels().rmsprop(step, g.data() + i, v.data() + i, weights, count);
  });
}

std::vector<std::string> optimizer_names() { return {"sgd", "adam", "adamw", "rmsprop"}; }

std::unique_ptr<Optimizer> make_optimizer(std::string_view text, double lr) {
  Spec spec("optimizer", text);
  const std::string& name = spec.name();
  std::unique_ptr<Optimizer> made;
  if (name == "sgd") {
    SgdOptions options{.lr = lr};
    options.momentum = spec.take_number("momentum", options.momentum, 0);
    options.weight_decay = spec.take_number("weight_decay", options.weight_decay, 0);
    options.nesterov = spec.take_choice("nesterov", "no", {"no", "yes"}) == 1;
    made = std::make_unique<Sgd>(options);
  } else if (name == "adam") {
    made = std::make_unique<Adam>(take_adam<AdamOptions>(spec, lr));
  } else if (name == "adamw") {
    made = std::make_unique<AdamW>(take_adam<AdamWOptions>(spec, lr));
  } else if (name == "rmsprop") {
    RmsPropOptions options{.lr = lr};
    options.smoothing = spec.take_number("smoothing", options.smoothing, 0);
    options.epsilon = spec.take_number("epsilon", options.epsilon, 0);
    options.weight_decay = spec.take_number("weight_decay", options.weight_decay, 0);
    made = std::make_unique<RmsProp>(options);
  } else {
    throw std::invalid_argument(unknown_name("optimizer", name, optimizer_names()));
  }
  spec.finish();
  return made;
}

}  // namespace soap::inline SOAP_ABI
