#include "soap/learn/step.hpp"

#include <cmath>

namespace soap::inline SOAP_ABI {

void BackwardStep::prepare(const Network& network, Index capacity) { workspace_.emplace(network, capacity); }

double BackwardStep::run(const Batch& batch, const StepContext& context) {
  Network& network = context.network;
  Workspace& workspace = *workspace_;
  const ConstView x = batch.inputs();
  const ConstView targets = batch.targets();
  const std::size_t top = network.depth() - 1;

  network.before_step(context.examples_seen);
  network.forward(x, workspace, Phase::training);
  const double loss =
      context.loss.value_and_error(workspace.output(top), {targets, batch.labels()}, workspace.error(top));
  if (!std::isfinite(loss)) return loss;
  network.backward(targets, workspace);
  context.optimizer.step(network, x, workspace, context.lr_factor);
  return loss;
}

}  // namespace soap::inline SOAP_ABI
