#include <utility>

#include "soap/base/registry.hpp"
#include "soap/nn/optimizer.hpp"
#include "soap/nn/optimizer_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::function<void(std::unique_ptr<Optimizer>&)> take_layer_factors(Spec& spec) {
  auto factors =
      spec.take_numbers("layers", "a factor on the learning rate of each layer, from the lowest up");
  return [factors](std::unique_ptr<Optimizer>& made) { made->set_layer_factors(factors); };
}

Registry<std::unique_ptr<Optimizer>, double>& optimizers() {
  static Registry<std::unique_ptr<Optimizer>, double> registry(
      "optimizer",
      {
          {"adam", "steps of a size of their own, by running means of the gradient and its square",
           Adam::make},
          {"adamw", "adam with a decay of the weights that the gradient does not see", AdamW::make},
          {"rmsprop", "the gradient over the root of a running mean of its square", RmsProp::make},
          {"sgd", "stochastic gradient descent", Sgd::make},
      },
      take_layer_factors);
  return registry;
}

// For whoever asks about a text alone.
constexpr double any_lr = 1;

}  // namespace

double detail::take_epsilon(Spec& spec, double fallback) {
  return spec.take_number("epsilon", fallback, 0, "added to the root that the gradient is divided by");
}

double detail::take_gradient_decay(Spec& spec, double fallback) {
  return spec.take_number("weight_decay", fallback, 0, "this share of W is added to the gradient");
}

std::unique_ptr<Optimizer> make_optimizer(std::string_view text, double lr) {
  return optimizers().make(text, lr);
}

std::string canonical_optimizer(std::string_view text) { return optimizers().canonical(text, any_lr); }

std::string complete_optimizer(std::string_view text) { return optimizers().complete(text, any_lr); }

std::optional<double> usual_lr(std::string_view text) { return make_optimizer(text, any_lr)->usual_lr(); }

void register_optimizer(const std::string& name, OptimizerFactory factory, std::string meaning) {
  optimizers().add({name, std::move(meaning), std::move(factory)});
}

std::vector<std::string> optimizer_names() { return optimizers().names(); }

std::optional<std::string> optimizer_help(std::string_view text) { return optimizers().help(text, any_lr); }

}  // namespace SOAP_ABI
}  // namespace soap
