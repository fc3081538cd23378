// Multilayer perceptrons.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "soap/linalg/initializer.hpp"
#include "soap/nn/network.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct MlpOptions {
  /// Feedback, see make_feedback: of every layer, or "bp/fa/dfa", one for each hidden layer from below: how
  /// errors reach it.
  std::string rule = "bp";
  std::string activation = "tanh";  ///< between the layers, see make_activation
  Initializer initializer = Initializer::xavier_normal;
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> feedback_seed = {};  ///< of what the feedbacks draw; nothing: `seed`
};

/// A multilayer perceptron, initialized: dense layers of the given sizes, input first, with an activation
/// between each two and none on top. Throws std::invalid_argument when there are fewer than two sizes or a
/// name is unknown, or when the number of rules is not that of the hidden layers.
Network mlp(const std::vector<Index>& sizes, const MlpOptions& options = {});

}  // namespace SOAP_ABI
}  // namespace soap
