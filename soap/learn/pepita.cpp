#include "soap/learn/pepita.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/base/text.hpp"
#include "soap/linalg/gemm.hpp"
#include "soap/linalg/random.hpp"
#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// result = share·(a - b). No multiplication is followed by an addition, so that the bits do not depend on how
// the columns are dealt out.
void scaled_difference(Scalar share, ConstRef a, ConstRef b, Ref result) {
  parallel_ranges(a.cols(), a.size() / 4, [&](Index first, Index cols) {
    result.middleCols(first, cols) = share * (a.middleCols(first, cols) - b.middleCols(first, cols));
  });
}

}  // namespace

PepitaStep::PepitaStep(const PepitaOptions& options) : options_(options) {
  if (options.scale > 0 && std::isfinite(options.scale)) return;
  throw std::invalid_argument("pepita: scale is " + to_text(options.scale) + ", expected a number above 0");
}

std::unique_ptr<LearningStep> PepitaStep::make(Spec& spec) {
  PepitaOptions options;
  options.scale =
      spec.take_number("scale", options.scale, 0, "of the matrix that adds the error to the input; above 0");
  options.initializer = take_initializer(spec, options.initializer, "how that matrix is drawn");
  return std::make_unique<PepitaStep>(options);
}

void PepitaStep::prepare(Network& network, Index capacity, std::uint64_t seed) {
  stages_ = stages_of(network, kind());
  arrivals_.start(stages_.size());
  standard_.emplace(network, capacity);
  if (!has_hidden()) return;
  modulated_.emplace(network, capacity);
  modulated_input_.resize(network.inputs(), capacity);
  F_.resize(network.inputs(), network.outputs());
  Rng rng(seed, "pepita");
  draw(options_.initializer, network.inputs(), network.outputs(), rng, F_);
  F_ *= static_cast<Scalar>(options_.scale);
}

double PepitaStep::run(const Batch& batch, const StepContext& context) {
  expect_prepared(standard_.has_value());
  Network& network = context.network;
  const ConstView x = batch.inputs();

  const double loss = forward_and_loss(batch, context, *standard_);
  if (!std::isfinite(loss)) return loss;
  send_to_sums(network, stages_.back(), *standard_);
  if (!has_hidden()) {
    context.optimizer.step(network, x, *standard_, context.lr_factor);
    return loss;
  }
  modulate(x, standard_->error(stages_.back().weighted), network);
  check_moved(x, standard_->error(stages_.back().weighted), network);
  context.optimizer.step(network, modulated_input_.leftCols(x.cols()), *modulated_, context.lr_factor);
  return loss;
}

bool PepitaStep::input_moved(std::size_t i, ConstRef x) const {
  if (i == 0) return modulated_input_.leftCols(x.cols()) != x;
  const std::size_t below = stages_[i - 1].output;
  return modulated_->output(below) != standard_->output(below);
}

bool PepitaStep::sums_moved(std::size_t i) const {
  const std::size_t l = stages_[i].weighted;
  return modulated_->output(l) != standard_->output(l);
}

void PepitaStep::check_moved(ConstRef x, ConstRef e, Network& network) {
  const std::size_t way_in = stages_.size() - 1;
  if (arrivals_.doubts(way_in) && !e.isZero(0) && arrivals_.gives_up(way_in, input_moved(0, x), x.cols()))
    refuse_silent_layer(kind(), network, stages_.front().weighted);
  for (std::size_t i = 0; i + 1 < stages_.size(); ++i) {
    if (arrivals_.doubts(i) && input_moved(i, x) && arrivals_.gives_up(i, sums_moved(i), x.cols()))
      refuse_silent_layer(kind(), network, stages_[i].weighted);
  }
}

void PepitaStep::modulate(ConstRef x, ConstRef e, Network& network) {
  auto input = modulated_input_.leftCols(x.cols());
  input = x;
  // The error of one example is the batch's times its size.
  gemm(static_cast<Scalar>(x.cols()), F_, e, 1, input);
  network.forward(input, *modulated_, Phase::training);

  const auto share = static_cast<Scalar>(1.0 / static_cast<double>(x.cols()));
  for (std::size_t i = 0; i + 1 < stages_.size(); ++i) {
    const Stage stage = stages_[i];
    scaled_difference(share, standard_->output(stage.output), modulated_->output(stage.output),
                      modulated_->error(stage.output));
    for (std::size_t l = stage.weighted; l < stage.output; ++l)
      modulated_->error(l) = modulated_->error(stage.output);
  }
  for (std::size_t l = stages_.back().weighted; l < network.depth(); ++l)
    modulated_->error(l) = standard_->error(l);
}

const Workspace* PepitaStep::last_pass() const {
  const auto& pass = has_hidden() ? modulated_ : standard_;
  return pass ? &*pass : nullptr;
}

void PepitaStep::visit_state(StateVisitor& visitor) {
  if (F_.size() != 0) visitor.matrix("F", F_);
  arrivals_.visit_state(visitor);
}

}  // namespace SOAP_ABI
}  // namespace soap
