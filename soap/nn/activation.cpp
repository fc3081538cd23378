#include "soap/nn/activation.hpp"

#include <stdexcept>
#include <utility>

#include "soap/base/registry.hpp"
#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::unique_ptr<Layer> make_leaky_relu(Spec& spec) {
  const double slope = spec.take_number("slope", 0.01, 0, "where z is below 0");
  return std::make_unique<LeakyRelu>(LeakyReluFunction{static_cast<Scalar>(slope)});
}

Registry<std::unique_ptr<Layer>>& activations() {
  static Registry<std::unique_ptr<Layer>> registry(
      "activation", {
                        {"gelu", "z times the standard normal distribution function of z", make_plain<Gelu>},
                        {"identity", "z", make_plain<Identity>},
                        {"leaky_relu", "z above 0, else slope*z", make_leaky_relu},
                        {"relu", "z above 0, else 0", make_plain<Relu>},
                        {"sigmoid", "1/(1 + exp(-z))", make_plain<Sigmoid>},
                        {"softplus", "log(1 + exp(z))", make_plain<Softplus>},
                        {"tanh", "tanh(z)", make_plain<Tanh>},
                    });
  return registry;
}

}  // namespace

std::string LeakyReluFunction::name() const {
  const bool usual = negative_slope == LeakyReluFunction().negative_slope;
  return usual ? "leaky_relu" : std::string("leaky_relu:slope=").append(scalar_text(negative_slope));
}

std::unique_ptr<Layer> make_activation(std::string_view text) { return activations().make(text); }

std::string canonical_activation(std::string_view text) { return activations().canonical(text); }

void register_activation(const std::string& name, ActivationFactory factory, std::string meaning) {
  activations().add({name, std::move(meaning), std::move(factory)});
}

std::vector<std::string> activation_names() { return activations().names(); }

std::optional<std::string> activation_help(std::string_view text) { return activations().help(text); }

void detail::refuse_at_bottom(const std::string& name) {
  throw std::invalid_argument(name + ": found no layer below, expected a layer that states its size");
}

void detail::refuse_shape(const char* what, Index rows, Index cols, ConstRef z) {
  const auto shape = [](Index r, Index c) { return std::to_string(r) + "x" + std::to_string(c); };
  throw std::invalid_argument("activation: found " + std::string(what) + " of " + shape(rows, cols) +
                              ", expected " + shape(z.rows(), z.cols()) + " as z has");
}

}  // namespace SOAP_ABI
}  // namespace soap
