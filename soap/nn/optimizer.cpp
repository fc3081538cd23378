#include "soap/nn/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/nn/optimizer_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// The places, from below, of the layers that have parameters.
std::vector<std::size_t> trained_layers(Network& network) {
  std::vector<std::size_t> layers;
  network.visit_parameters([&](Parameter parameter) {
    if (layers.empty() || layers.back() != parameter.layer) layers.push_back(parameter.layer);
  });
  return layers;
}

}  // namespace

void detail::check_option(bool valid, const char* name, double found, const char* expected) {
  if (valid) return;
  throw std::invalid_argument(std::string(name) + ": found " + to_text(found) + ", expected " + expected);
}

void detail::check_fraction(const char* name, double value) {
  check_option(value >= 0 && value < 1, name, value, "a number from 0 to below 1");
}

void detail::check_at_least_zero(const char* name, double value) {
  check_option(value >= 0 && std::isfinite(value), name, value, "a number of at least 0");
}

Optimizer::Optimizer(double lr, std::vector<std::string> state) : lr_(lr), state_names_(std::move(state)) {
  detail::check_option(lr > 0 && std::isfinite(lr), "lr", lr, "a number above 0");
  detail::check_option(static_cast<Scalar>(lr) > 0, "lr", lr, ("at least " + least_scalar()).c_str());
}

void Optimizer::set_layer_factors(std::vector<double> factors) {
  for (const double factor : factors) detail::check_at_least_zero("layers", factor);
  if (!factors.empty() && std::all_of(factors.begin(), factors.end(), [](double f) { return f == 0; }))
    throw std::invalid_argument("layers: found nothing but zeros, expected a number above 0 among them");
  layer_factors_ = std::move(factors);
}

void Optimizer::attach(Network& network) {
  const std::vector<std::size_t> layers = trained_layers(network);
  if (!layer_factors_.empty() && layers.size() != layer_factors_.size()) {
    throw std::invalid_argument("layers: found " + std::to_string(layer_factors_.size()) +
                                " factors of the learning rate, expected " + std::to_string(layers.size()) +
                                ", one for each layer with parameters");
  }
  steps_ = 0;
  trained_.clear();
  const auto add = [&](Parameter parameter) {
    const Index rows = parameter.value.rows();
    const Index cols = parameter.value.cols();
    const auto layer = std::find(layers.begin(), layers.end(), parameter.layer) - layers.begin();
    trained_.push_back(
        {.name = std::string(parameter.name),
         .rows = rows,
         .cols = cols,
         .state = std::vector<Matrix>(state_names_.size(), Matrix::Zero(rows, cols)),
         .factor = layer_factors_.empty() ? 1 : layer_factors_[static_cast<std::size_t>(layer)]});
  };
  network.visit_parameters(add);
  network.visit_feedback_parameters(add);
}

void Optimizer::step(Network& network, ConstRef x, const Workspace& workspace, double lr_factor) {
  if (trained_.empty()) throw std::logic_error("optimizer: call attach(network) before the first step");
  detail::check_at_least_zero("lr factor", lr_factor);
  ++steps_;
  std::size_t count = 0;
  const auto train = [&](Ref value, const Gradient& gradient) {
    if (count == trained_.size()) {
      throw std::invalid_argument("optimizer: found a gradient for more than the " + std::to_string(count) +
                                  " parameters that it is attached to");
    }
    Trained& parameter = trained_[count++];
    if (value.rows() != parameter.rows || value.cols() != parameter.cols) {
      throw std::invalid_argument("optimizer: found a gradient for another matrix than " + parameter.name +
                                  ", expected the order of the parameters");
    }
    update(value, gradient, parameter.state, lr_ * (lr_factor * parameter.factor));
  };
  network.visit_gradients(x, workspace, train);
  network.visit_feedback_gradients(workspace, train);
  if (count == trained_.size()) return;
  throw std::invalid_argument("optimizer: found gradients for " + std::to_string(count) + " of the " +
                              std::to_string(trained_.size()) + " parameters that it is attached to");
}

void Optimizer::visit_state(StateVisitor& visitor) {
  visitor.counter("steps", steps_);
  for (Trained& parameter : trained_) {
    for (std::size_t i = 0; i < state_names_.size(); ++i) {
      if (!state_names_[i].empty())
        visitor.matrix(parameter.name + '.' + state_names_[i], parameter.state[i]);
    }
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
