// How well a network does on data that it does not learn from.
#pragma once

#include <optional>
#include <string_view>

#include "soap/data/dataset.hpp"
#include "soap/learn/run_state.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/network.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct Evaluation {
  double loss;  ///< mean over the examples
  std::optional<double>
      accuracy;  ///< share of examples whose largest output is at the label; none without labels
};

/// Shows an evaluation as a list of nothing, the loss, or the loss and the accuracy. Throws
/// std::invalid_argument when the visitor leaves more.
void visit_evaluation(RunStateVisitor& visitor, std::string_view name, std::optional<Evaluation>& evaluation);

/// Evaluates networks of one shape; keeps its memory from call to call.
class Evaluator {
 public:
  /// Examples pass through the network `batch_size` at a time, in their own order. Throws
  /// std::invalid_argument when the batch size is below 1 or there are no examples.
  Evaluator(const Network& network, const Dataset& data, Index batch_size = 256);

  Evaluation evaluate(Network& network, const Loss& loss);

 private:
  const Dataset& data_;
  Workspace workspace_;
  Batch batch_;
  std::vector<Index> examples_;
};

/// The same in one call.
Evaluation evaluate(Network& network, const Loss& loss, const Dataset& data);

}  // namespace SOAP_ABI
}  // namespace soap
