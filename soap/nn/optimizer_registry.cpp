#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "soap/base/spec_help.hpp"
#include "soap/base/text.hpp"
#include "soap/nn/optimizer.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Factory = std::unique_ptr<Optimizer> (*)(Spec&, double lr);

double take_epsilon(Spec& spec, double fallback) {
  return spec.take_number("epsilon", fallback, 0, "added to the root that the gradient is divided by");
}

constexpr std::string_view decay_of_the_gradient = "this share of W is added to the gradient";

// The options that Adam and AdamW share, which differ in their defaults.
template <class Options>
Options take_adam(Spec& spec, double lr, std::string_view decay) {
  Options options{.lr = lr};
  options.beta1 =
      spec.take_number("beta1", options.beta1, 0, "what the mean of gradients keeps at a step; below 1");
  options.beta2 =
      spec.take_number("beta2", options.beta2, 0, "what the mean of squared gradients keeps; below 1");
  options.epsilon = take_epsilon(spec, options.epsilon);
  options.weight_decay = spec.take_number("weight_decay", options.weight_decay, 0, decay);
  return options;
}

std::unique_ptr<Optimizer> make_sgd(Spec& spec, double lr) {
  SgdOptions options{.lr = lr};
  options.momentum =
      spec.take_number("momentum", options.momentum, 0, "what the last update keeps at a step; below 1");
  options.weight_decay = spec.take_number("weight_decay", options.weight_decay, 0, decay_of_the_gradient);
  options.nesterov = spec.take_yes("nesterov", options.nesterov, "whether the momentum is Nesterov's");
  options.manhattan = spec.take_yes("manhattan", options.manhattan, "the gradient's sign in place of it");
  return std::make_unique<Sgd>(options);
}

std::unique_ptr<Optimizer> make_adam(Spec& spec, double lr) {
  return std::make_unique<Adam>(take_adam<AdamOptions>(spec, lr, decay_of_the_gradient));
}

std::unique_ptr<Optimizer> make_adamw(Spec& spec, double lr) {
  return std::make_unique<AdamW>(
      take_adam<AdamWOptions>(spec, lr, "times the learning rate, the share that W shrinks by at a step"));
}

std::unique_ptr<Optimizer> make_rmsprop(Spec& spec, double lr) {
  RmsPropOptions options{.lr = lr};
  options.smoothing = spec.take_number("smoothing", options.smoothing, 0,
                                       "what the mean of squared gradients keeps at a step; below 1");
  options.epsilon = take_epsilon(spec, options.epsilon);
  options.weight_decay = spec.take_number("weight_decay", options.weight_decay, 0, decay_of_the_gradient);
  return std::make_unique<RmsProp>(options);
}

struct Entry {
  const char* name;
  const char* meaning;
  Factory factory;
};

constexpr Entry entries[] = {
    {"sgd", "stochastic gradient descent", make_sgd},
    {"adam", "steps of a size of their own, by running means of the gradient and its square", make_adam},
    {"adamw", "adam with a decay of the weights that the gradient does not see", make_adamw},
    {"rmsprop", "the gradient over the root of a running mean of its square", make_rmsprop},
};

std::unique_ptr<Optimizer> make(Spec& spec, double lr) {
  const auto* const found = std::find_if(std::begin(entries), std::end(entries),
                                         [&](const Entry& entry) { return entry.name == spec.name(); });
  if (found == std::end(entries))
    throw std::invalid_argument(unknown_name("optimizer", spec.name(), optimizer_names()));
  auto made = found->factory(spec, lr);
  made->set_layer_factors(
      spec.take_numbers("layers", "a factor on the learning rate of each layer, from the lowest up"));
  spec.finish();
  return made;
}

}  // namespace

std::vector<std::string> optimizer_names() {
  std::vector<std::string> names;
  names.reserve(std::size(entries));
  for (const Entry& entry : entries) names.emplace_back(entry.name);
  return names;
}

std::optional<std::string> optimizer_help(std::string_view text) {
  std::vector<SpecName> names;
  names.reserve(std::size(entries));
  for (const Entry& entry : entries)
    names.push_back({entry.name, entry.meaning, [](Spec& spec) { (void)make(spec, 1); }});
  return spec_help("optimizer", names, text);
}

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
