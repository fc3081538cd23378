#include "soap/learn/stages.hpp"

#include <stdexcept>

#include "soap/learn/arrival_watch.hpp"

namespace soap {
inline namespace SOAP_ABI {

void refuse_layer(const std::string& rule, const Network& network, std::size_t l, const std::string& reason) {
  throw std::invalid_argument("rule '" + rule + "' cannot serve " + name_layer(network, l) + ": " + reason);
}

std::vector<Stage> stages_of(Network& network, const std::string& rule) {
  std::vector<Stage> stages;
  for (std::size_t l = 0; l < network.depth(); ++l) {
    Layer& layer = network.layer(l);
    if (layer.weights() != nullptr) {
      stages.push_back({.weighted = l, .output = l});
      continue;
    }
    layer.visit_parameters([&](Parameter parameter) {
      refuse_layer(rule, network, l,
                   "found a " + std::string(parameter.name) + " but no weights to learn it with");
    });
    if (stages.empty()) continue;
    const LayerShape shape = network.layer_shape(l);
    if (shape.inputs != shape.outputs) {
      refuse_layer(rule, network, l,
                   "found " + std::to_string(shape.outputs) + " units above " + std::to_string(shape.inputs) +
                       " without weights, expected as many");
    }
    stages.back().output = l;
  }
  if (stages.empty()) throw std::invalid_argument("rule '" + rule + "': found no layer with weights");
  return stages;
}

void send_to_sums(Network& network, const Stage& stage, Workspace& workspace) {
  for (std::size_t l = stage.output; l > stage.weighted; --l) network.backward_through(l, workspace);
}

void refuse_silent_layer(const std::string& rule, const Network& network, std::size_t l) {
  throw std::invalid_argument("rule '" + rule + "' gave nothing but zeros to " + name_layer(network, l) +
                              ' ' + within_patience() + ": it does not learn");
}

}  // namespace SOAP_ABI
}  // namespace soap
