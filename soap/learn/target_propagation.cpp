#include "soap/learn/target_propagation.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "soap/base/text.hpp"
#include "soap/linalg/gemm.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

void check(bool valid, const char* name, double found, const char* expected) {
  if (valid && std::isfinite(found)) return;
  throw std::invalid_argument("dtp: " + std::string(name) + " is " + to_text(found) + ", expected a number " +
                              expected);
}

void check_fits(Network& network, const std::vector<Stage>& stages, const std::string& rule) {
  for (std::size_t i = 0; i + 1 < stages.size(); ++i) {
    if (stages[i].output <= stages[i].weighted + 1) continue;
    refuse_layer(rule, network, stages[i].weighted,
                 "found " + std::to_string(stages[i].output - stages[i].weighted) +
                     " element-wise layers above it, expected one at most");
  }
  const std::size_t top = stages.back().weighted;
  const Matrix& W = *network.layer(top).weights();
  const LayerShape shape = network.layer_shape(top);
  if (W.rows() == shape.outputs && W.cols() == shape.inputs) return;
  refuse_layer(rule, network, top,
               "found weights of " + std::to_string(W.rows()) + "x" + std::to_string(W.cols()) +
                   ", expected those of a dense output layer");
}

}  // namespace

TargetPropagationStep::TargetPropagationStep(const TargetPropagationOptions& options) : options_(options) {
  check(options.target > 0, "target", options.target, "above 0");
  check(options.inverse_lr >= 0, "inverse_lr", options.inverse_lr, "of at least 0");
  check(options.noise >= 0, "noise", options.noise, "of at least 0");
}

std::unique_ptr<LearningStep> TargetPropagationStep::make(Spec& spec) {
  TargetPropagationOptions options;
  options.target = spec.take_number("target", options.target, 0,
                                    "how far the top hidden layer's target lies down the gradient; above 0");
  options.inverse_lr = spec.take_number("inverse_lr", options.inverse_lr, 0, "learning rate of the inverses");
  options.noise =
      spec.take_number("noise", options.noise, 0, "deviation of the noise that inverses learn from");
  options.initializer = take_initializer(spec, options.initializer, "how the inverses are drawn");
  return std::make_unique<TargetPropagationStep>(options);
}

void TargetPropagationStep::prepare(Network& network, Index capacity, std::uint64_t seed) {
  stages_ = stages_of(network, kind());
  check_fits(network, stages_, kind());
  workspace_.emplace(network, capacity);
  inverses_.clear();
  differences_.clear();
  for (std::size_t i = 0; i < hidden(); ++i) {
    differences_.emplace_back(network.layer_shape(stages_[i].output).outputs, capacity);
    if (i == 0) continue;
    Rng rng(seed, "dtp inverse", i - 1);
    inverses_.emplace_back(network, stages_[i - 1], stages_[i], capacity, options_.initializer, rng);
  }
  seed_ = seed;
  noise_columns_ = 0;
  arrivals_.start(hidden());
}

double TargetPropagationStep::run(const Batch& batch, const StepContext& context) {
  expect_prepared(workspace_.has_value());
  Network& network = context.network;
  Workspace& workspace = *workspace_;
  const ConstView x = batch.inputs();

  const double loss = forward_and_loss(batch, context, workspace);
  if (!std::isfinite(loss)) return loss;
  send_to_sums(network, stages_.back(), workspace);
  find_targets(network, x.cols());
  check_arrivals(network, x.cols());
  const auto slope = static_cast<Scalar>(-2 / static_cast<double>(x.cols()));
  for (std::size_t i = 0; i < hidden(); ++i) {
    workspace.error(stages_[i].output) = slope * differences_[i].leftCols(x.cols());
    send_to_sums(network, stages_[i], workspace);
  }

  for (std::size_t i = hidden(); i-- > 1;) {
    const double rate = options_.inverse_lr / static_cast<double>(differences_[i].rows());
    inverses_[i - 1].train(network, workspace.output(stages_[i - 1].output), options_.noise, rate, seed_,
                           static_cast<std::uint64_t>(noise_columns_));
    noise_columns_ += x.cols();
  }
  context.optimizer.step(network, x, workspace, context.lr_factor);
  return loss;
}

void TargetPropagationStep::find_targets(Network& network, Index batch) {
  if (hidden() == 0) return;
  const std::size_t top = stages_.back().weighted;
  // The gradient of one example's loss is that of the batch's mean times its size.
  const auto step = static_cast<Scalar>(-options_.target * static_cast<double>(batch));
  gemm(step, network.layer(top).weights()->transpose(), workspace_->error(top), 0,
       differences_[hidden() - 1].leftCols(batch));
  for (std::size_t i = hidden() - 1; i > 0; --i) {
    inverses_[i - 1].send_down(network, workspace_->output(stages_[i].output),
                               differences_[i].leftCols(batch), differences_[i - 1].leftCols(batch));
  }
}

// Before the slopes of the nonlinearities, which stand still at the units of some examples.
void TargetPropagationStep::check_arrivals(Network& network, Index batch) {
  for (std::size_t i = hidden(); i-- > 0;) {
    if (!arrivals_.doubts(i)) continue;
    const bool sent = i + 1 == hidden() ? !workspace_->error(stages_.back().weighted).isZero(0)
                                        : !differences_[i + 1].leftCols(batch).isZero(0);
    if (sent && arrivals_.gives_up(i, !differences_[i].leftCols(batch).isZero(0), batch))
      refuse_silent_layer(kind(), network, stages_[i].weighted);
  }
}

std::optional<double> TargetPropagationStep::transported_bits(Network& network, std::int64_t steps) const {
  const std::vector<Stage> stages = stages_of(network, kind());
  if (stages.size() == 1) return 0;
  return bits_of(*network.layer(stages.back().weighted).weights()) * static_cast<double>(steps);
}

void TargetPropagationStep::visit_state(StateVisitor& visitor) {
  for (std::size_t i = 0; i < inverses_.size(); ++i) {
    const std::string name = "layers." + std::to_string(stages_[i + 1].weighted) + ".inverse.";
    visitor.matrix(name + "V", inverses_[i].V());
    visitor.matrix(name + "c", inverses_[i].c());
  }
  visitor.counter("noise_columns", noise_columns_);
  arrivals_.visit_state(visitor);
}

}  // namespace SOAP_ABI
}  // namespace soap
