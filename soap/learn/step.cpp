#include "soap/learn/step.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

#include "soap/feedback/prefixed_visitor.hpp"

namespace soap::inline SOAP_ABI {

void BackwardStep::prepare(Network& network, Index capacity, std::uint64_t) {
  workspace_.emplace(network, capacity);
  checked_ = false;
}

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
  if (!std::exchange(checked_, true)) check_errors_arrive(network, workspace);
  context.optimizer.step(network, x, workspace, context.lr_factor);
  return loss;
}

void BackwardStep::visit_state(StateVisitor& visitor) { visit_flag(visitor, "checked", checked_); }

void check_errors_arrive(Network& network, const Workspace& workspace) {
  const std::size_t top = network.depth() - 1;
  if (workspace.error(top).isZero(0)) return;
  for (std::size_t l = top; l > network.lowest_weighted(); --l) {
    const Feedback* feedback = network.layer(l).feedback();
    if (feedback == nullptr || workspace.error(l).isZero(0) || !workspace.error(l - 1).isZero(0)) continue;
    throw std::invalid_argument("rule '" + feedback->rule() + "' sends nothing but zeros down through " +
                                name_layer(network, l) + ": nothing below it would learn");
  }
}

}  // namespace soap::inline SOAP_ABI
