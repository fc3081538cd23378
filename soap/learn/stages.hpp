// A network as rules see it that replace the whole step: weighted layers, each with what follows it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "soap/nn/network.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A weighted layer and the element-wise layers between it and the next one. In the papers' words the layer
/// whose activity h is the output of network layer `output`.
struct Stage {
  std::size_t weighted;  ///< the network's layer that has the weights
  std::size_t output;    ///< the highest layer of the stage; `weighted` itself where nothing follows
};

/// The stages from the lowest up; all but the last are hidden. Throws std::invalid_argument, with rule and
/// layer, where a layer has parameters but no weights, or changes the number of units without weights.
std::vector<Stage> stages_of(Network& network, const std::string& rule);

/// Throws std::invalid_argument: rule, layer and the given reason.
[[noreturn]] void refuse_layer(const std::string& rule, const Network& network, std::size_t l,
                               const std::string& reason);

/// Sends the error at a stage's output down to its weighted sums.
void send_to_sums(Network& network, const Stage& stage, Workspace& workspace);

/// Throws std::invalid_argument: to this layer the rule's way was given up, see ArrivalWatch.
[[noreturn]] void refuse_silent_layer(const std::string& rule, const Network& network, std::size_t l);

}  // namespace SOAP_ABI
}  // namespace soap
