#include "soap/nn/mlp.hpp"

#include <stdexcept>

#include "soap/base/text.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"

namespace soap {
inline namespace SOAP_ABI {

Network mlp(const std::vector<Index>& sizes, const MlpOptions& options) {
  if (sizes.size() < 2) throw std::invalid_argument("mlp: expected at least an input and an output size");
  const std::vector<std::string> rules = split(options.rule, '/');
  const std::size_t hidden = sizes.size() - 2;
  if (rules.size() > 1 && rules.size() != hidden) {
    throw std::invalid_argument("rule '" + options.rule + "': found " + std::to_string(rules.size()) +
                                " rules for " + std::to_string(hidden) +
                                " hidden layers, expected one for each, or one for all");
  }
  Network net;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (i > 1) net.add(make_activation(options.activation));
    // The edge above hidden layer i - 1 sends that layer its errors; none crosses the lowest one.
    const std::string& rule = rules.size() > 1 && i > 1 ? rules[i - 2] : rules.front();
    net.add<Dense>(sizes[i - 1], sizes[i], make_feedback(rule),
                   DenseOptions{.initializer = options.initializer});
  }
  net.initialize(options.seed, options.feedback_seed.value_or(options.seed));
  return net;
}

}  // namespace SOAP_ABI
}  // namespace soap
