#include "soap/learn/step.hpp"

#include <cmath>
#include <stdexcept>

namespace soap {
inline namespace SOAP_ABI {

double forward_and_loss(const Batch& batch, const StepContext& context, Workspace& workspace) {
  return forward_and_loss(batch, context, workspace, [](std::size_t, Ref) {});
}

double forward_and_loss(const Batch& batch, const StepContext& context, Workspace& workspace, PassHook hook) {
  const std::size_t top = context.network.depth() - 1;
  context.network.forward(batch.inputs(), workspace, Phase::training, hook);
  return context.loss.value_and_error(workspace.output(top), {batch.targets(), batch.labels()},
                                      workspace.error(top));
}

void LearningStep::expect_prepared(bool prepared) const {
  if (!prepared)
    throw std::logic_error("step '" + kind() + "': call prepare(network, ...) before the first run");
}

void BackwardStep::prepare(Network& network, Index capacity, std::uint64_t) {
  workspace_.emplace(network, capacity);
  arrivals_.start(network.depth());
}

double BackwardStep::run(const Batch& batch, const StepContext& context) {
  Network& network = context.network;
  expect_prepared(workspace_.has_value());
  Workspace& workspace = *workspace_;

  network.before_step(context.examples_seen);
  const double loss = forward_and_loss(batch, context, workspace);
  if (!std::isfinite(loss)) return loss;
  network.backward(batch.targets(), workspace);
  check_errors_arrive(network, workspace, arrivals_);
  context.optimizer.step(network, batch.inputs(), workspace, context.lr_factor);
  return loss;
}

void BackwardStep::visit_state(StateVisitor& visitor) { arrivals_.visit_state(visitor); }

void check_errors_arrive(Network& network, const Workspace& workspace, ArrivalWatch& arrivals) {
  for (std::size_t l = network.depth() - 1; l > network.lowest_weighted(); --l) {
    const Feedback* feedback = network.layer(l).feedback();
    if (feedback == nullptr || !arrivals.doubts(l) || workspace.error(l).isZero(0)) continue;
    const bool arrived = !workspace.error(l - 1).isZero(0);
    if (!arrivals.gives_up(l, arrived, workspace.error(l).cols())) continue;
    throw std::invalid_argument("rule '" + feedback->rule() + "' sent nothing but zeros down through " +
                                name_layer(network, l) + ' ' + within_patience() +
                                ": nothing below it learns");
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
