#include "soap/nn/activation.hpp"

#include <functional>
#include <map>
#include <stdexcept>

#include "soap/base/spec.hpp"
#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Factory = std::function<std::unique_ptr<Layer>(Spec&)>;

template <class Function>
std::unique_ptr<Layer> plain(Spec&) {
  return std::make_unique<Activation<Function>>();
}

std::unique_ptr<Layer> leaky_relu(Spec& spec) {
  const double slope = spec.take_number("slope", 0.01, 0);
  return std::make_unique<LeakyRelu>(LeakyReluFunction{static_cast<Scalar>(slope)});
}

const std::map<std::string, Factory, std::less<>>& factories() {
  static const std::map<std::string, Factory, std::less<>> map = {
      {"identity", plain<IdentityFunction>}, {"tanh", plain<TanhFunction>},
      {"relu", plain<ReluFunction>},         {"leaky_relu", leaky_relu},
      {"sigmoid", plain<SigmoidFunction>},   {"softplus", plain<SoftplusFunction>},
      {"gelu", plain<GeluFunction>},
  };
  return map;
}

std::unique_ptr<Layer> make(Spec& spec) {
  const auto found = factories().find(spec.name());
  if (found == factories().end())
    throw std::invalid_argument(unknown_name("activation", spec.name(), activation_names()));
  auto made = found->second(spec);
  spec.finish();
  return made;
}

}  // namespace

std::unique_ptr<Layer> make_activation(std::string_view text) {
  Spec spec("activation", text);
  return make(spec);
}

std::string canonical_activation(std::string_view text) {
  Spec spec("activation", text);
  (void)make(spec);
  return spec.canonical();
}

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const auto& [name, factory] : factories()) names.push_back(name);
  return names;
}

void detail::refuse_at_bottom(const std::string& name) {
  throw std::invalid_argument(name + ": found no layer below, expected a layer that states its size");
}

}  // namespace soap::inline SOAP_ABI
