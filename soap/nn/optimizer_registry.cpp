#include <stdexcept>

#include "soap/base/spec.hpp"
#include "soap/base/text.hpp"
#include "soap/nn/optimizer.hpp"

namespace soap::inline SOAP_ABI {

namespace {

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

std::unique_ptr<Optimizer> make(Spec& spec, double lr) {
  const std::string& name = spec.name();
  std::unique_ptr<Optimizer> made;
  if (name == "sgd") {
    SgdOptions options{.lr = lr};
    options.momentum = spec.take_number("momentum", options.momentum, 0);
    options.weight_decay = spec.take_number("weight_decay", options.weight_decay, 0);
    options.nesterov = spec.take_choice("nesterov", "no", {"no", "yes"}) == 1;
    options.manhattan = spec.take_choice("manhattan", "no", {"no", "yes"}) == 1;
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
  made->set_layer_factors(spec.take_numbers("layers"));
  spec.finish();
  return made;
}

}  // namespace

std::vector<std::string> optimizer_names() { return {"sgd", "adam", "adamw", "rmsprop"}; }

std::unique_ptr<Optimizer> make_optimizer(std::string_view text, double lr) {
  Spec spec("optimizer", text);
  return make(spec, lr);
}

std::string canonical_optimizer(std::string_view text) {
  Spec spec("optimizer", text);
  (void)make(spec, 1);
  return spec.canonical();
}

std::string complete_optimizer(std::string_view text) {
  Spec spec("optimizer", text);
  (void)make(spec, 1);
  return spec.complete();
}

std::optional<double> usual_lr(std::string_view text) {
  Spec spec("optimizer", text);
  (void)make(spec, 1);
  if (spec.name() == "adam") return AdamOptions().lr;
  if (spec.name() == "adamw") return AdamWOptions().lr;
  if (spec.name() == "rmsprop") return RmsPropOptions().lr;
  return std::nullopt;
}

}  // namespace soap::inline SOAP_ABI
