#include "soap/nn/dense.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "soap/linalg/gemm.hpp"

namespace soap {
inline namespace SOAP_ABI {

Dense::Dense(Index in, Index out, std::unique_ptr<Feedback> feedback, const DenseOptions& options)
    : Weighted(in, out, std::move(feedback), options) {}

std::string Dense::describe() const {
  return "dense " + std::to_string(W().cols()) + "-" + std::to_string(W().rows());
}

LayerShape Dense::shape(Index below) const {
  if (below != 0 && below != W().cols()) {
    throw std::invalid_argument(describe() + ": found " + std::to_string(below) + " units below, expected " +
                                std::to_string(W().cols()));
  }
  return {.inputs = W().cols(), .outputs = W().rows()};
}

void Dense::forward(ConstRef x, Ref z, Phase) { affine(W(), x, b(), z); }

void Dense::send_down(const Factor& M, ConstRef delta, Ref below) const { gemm(1, M, delta, 0, below); }

Gradient Dense::weight_gradient(ConstRef x, ConstRef delta) const { return Gradient::outer(delta, x); }

}  // namespace SOAP_ABI
}  // namespace soap
