#include "soap/nn/dense.hpp"

#include <stdexcept>
#include <utility>

#include "soap/linalg/gemm.hpp"

namespace soap::inline SOAP_ABI {

Dense::Dense(Index in, Index out, std::unique_ptr<Feedback> feedback, const DenseOptions& options)
    : feedback_(std::move(feedback)), options_(options) {
  if (in < 1 || out < 1) {
    throw std::invalid_argument("dense layer: found the sizes " + std::to_string(in) + " and " +
                                std::to_string(out) + ", expected at least 1 unit each");
  }
  if (!feedback_) throw std::invalid_argument("dense layer: found no feedback, expected one");
  W_.setZero(out, in);
  b_.setZero(out, 1);
}

std::string Dense::describe() const {
  return "dense " + std::to_string(W_.cols()) + "-" + std::to_string(W_.rows());
}

LayerShape Dense::shape(Index below) const {
  if (below != 0 && below != W_.cols()) {
    throw std::invalid_argument(describe() + ": found " + std::to_string(below) + " units below, expected " +
                                std::to_string(W_.cols()));
  }
  return {.inputs = W_.cols(), .outputs = W_.rows()};
}

void Dense::initialize(const LayerSeed& seed) {
  Rng weights = seed.weights();
  draw(options_.initializer, W_.cols(), W_.rows(), weights, W_);
  draw_bias(options_.initializer, W_.cols(), weights, b_);
  if (seed.sends_down) {
    Rng stream = seed.feedback();
    try {
      feedback_->initialize({.in = W_.cols(), .out = W_.rows(), .n_out = seed.n_out}, stream);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("rule '" + feedback_->rule() + "' cannot serve " + describe() + ": " +
                                  error.what());
    }
  }
}

void Dense::forward(ConstRef x, Ref z, Phase) { affine(W_, x, b_, z); }

void Dense::backward(ConstRef, ConstRef, ConstRef delta, const Teaching& teaching, Ref below) {
  feedback_->send_down(W_, delta, teaching, below);
}

void Dense::visit_parameters(ParameterVisitor visit) {
  visit("weight", W_);
  visit("bias", b_);
}

void Dense::visit_gradients(ConstRef x, ConstRef delta, GradientVisitor visit) {
  visit(W_, Gradient::outer(delta, x));
  visit(b_, Gradient::row_sums(delta));
}

}  // namespace soap::inline SOAP_ABI
