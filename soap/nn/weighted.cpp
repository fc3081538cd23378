#include "soap/nn/weighted.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "soap/linalg/gemm.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::string size_of(Index rows, Index cols) { return std::to_string(rows) + "x" + std::to_string(cols); }

}  // namespace

const Matrix* Layer::weights() const {
  const Weighted* edge = weighted();
  return edge == nullptr ? nullptr : &edge->W();
}

Feedback* Layer::feedback() {
  Weighted* edge = weighted();
  return edge == nullptr ? nullptr : &edge->rule();
}

Weighted::Weighted(Index in, Index out, std::unique_ptr<Feedback> feedback, const WeightedOptions& options)
    : feedback_(std::move(feedback)), options_(options) {
  if (in < 1 || out < 1) {
    throw std::invalid_argument("layer of weights: found the sizes " + std::to_string(in) + " and " +
                                std::to_string(out) + ", expected at least 1 unit each");
  }
  if (!feedback_) throw std::invalid_argument("layer of weights: found no feedback, expected one");
  W_.setZero(out, in);
  b_.setZero(out, 1);
}

void Weighted::initialize(const LayerSeed& seed) {
  Rng weights = seed.weights();
  draw(options_.initializer, W_.cols(), W_.rows(), weights, W_);
  draw_bias(options_.initializer, W_.cols(), weights, b_);
  if (!seed.sends_down) return;
  Rng stream = seed.feedback();
  try {
    feedback_->initialize({.in = W_.cols(), .out = W_.rows(), .n_out = seed.n_out}, stream);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument("rule '" + feedback_->rule() + "' cannot serve " + describe() + ": " +
                                error.what());
  }
}

void Weighted::send(const Way& way, ConstRef delta, const Teaching& teaching, Ref below) {
  const bool local = way.carries == Carries::delta;
  const Index rows = local ? W_.cols() : below.rows();
  const Index cols = local ? W_.rows() : teaching.output_error.rows();
  if (way.matrix.rows() != rows || way.matrix.cols() != cols) {
    throw std::logic_error("rule '" + feedback_->rule() + "': found a matrix of " +
                           size_of(way.matrix.rows(), way.matrix.cols()) + " for " + describe() +
                           ", expected " + size_of(rows, cols) +
                           "; was the network initialized and before_step called?");
  }
  switch (way.carries) {
    case Carries::delta:
      return send_down(way.matrix, delta, below);
    case Carries::output_error:
      return gemm(1, way.matrix, teaching.output_error, 0, below);
    case Carries::targets:
      // The minus is the error's own, output - target. Errors of a batch's mean loss come divided by its
      // size.
      return gemm(Scalar{-1} / static_cast<Scalar>(delta.cols()), way.matrix, teaching.targets, 0, below);
  }
}

void Weighted::backward(ConstRef, ConstRef, ConstRef delta, Phase, Ref below) {
  send_down(W_.transpose(), delta, below);
}

void Weighted::visit_parameters(ParameterVisitor visit) {
  visit({"weight", W_});
  visit({"bias", b_});
}

void Weighted::visit_gradients(ConstRef x, ConstRef delta, GradientVisitor visit) {
  visit(W_, weight_gradient(x, delta));
  visit(b_, Gradient::row_sums(delta));
}

void Weighted::visit_feedback_gradients(ConstRef x, ConstRef delta, ConstRef output_error,
                                        GradientVisitor visit) {
  feedback_->visit_gradients({weight_gradient(x, delta), x, output_error}, visit);
}

}  // namespace SOAP_ABI
}  // namespace soap
