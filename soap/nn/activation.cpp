#include "soap/nn/activation.hpp"

#include <functional>
#include <map>
#include <stdexcept>

#include "soap/base/spec_help.hpp"
#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using Factory = std::function<std::unique_ptr<Layer>(Spec&)>;

template <class Function>
std::unique_ptr<Layer> plain(Spec&) {
  return std::make_unique<Activation<Function>>();
}

std::unique_ptr<Layer> leaky_relu(Spec& spec) {
  const double slope = spec.take_number("slope", 0.01, 0, "where z is below 0");
  return std::make_unique<LeakyRelu>(LeakyReluFunction{static_cast<Scalar>(slope)});
}

struct Entry {
  Factory factory;
  std::string meaning;
};

const std::map<std::string, Entry, std::less<>>& entries() {
  static const std::map<std::string, Entry, std::less<>> map = {
      {"identity", {plain<IdentityFunction>, "z"}},
      {"tanh", {plain<TanhFunction>, "tanh(z)"}},
      {"relu", {plain<ReluFunction>, "z above 0, else 0"}},
      {"leaky_relu", {leaky_relu, "z above 0, else slope*z"}},
      {"sigmoid", {plain<SigmoidFunction>, "1/(1 + exp(-z))"}},
      {"softplus", {plain<SoftplusFunction>, "log(1 + exp(z))"}},
      {"gelu", {plain<GeluFunction>, "z times the standard normal distribution function of z"}},
  };
  return map;
}

std::unique_ptr<Layer> make(Spec& spec) {
  const auto found = entries().find(spec.name());
  if (found == entries().end())
    throw std::invalid_argument(unknown_name("activation", spec.name(), activation_names()));
  auto made = found->second.factory(spec);
  spec.finish();
  return made;
}

}  // namespace

std::string LeakyReluFunction::name() const {
  const bool usual = negative_slope == LeakyReluFunction().negative_slope;
  return usual ? "leaky_relu" : std::string("leaky_relu:slope=").append(scalar_text(negative_slope));
}

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
  for (const auto& [name, entry] : entries()) names.push_back(name);
  return names;
}

std::optional<std::string> activation_help(std::string_view text) {
  std::vector<SpecName> names;
  names.reserve(entries().size());
  for (const auto& [name, entry] : entries()) names.push_back({name, entry.meaning, entry.factory});
  return spec_help("activation", names, text);
}

void detail::refuse_at_bottom(const std::string& name) {
  throw std::invalid_argument(name + ": found no layer below, expected a layer that states its size");
}

}  // namespace soap::inline SOAP_ABI
