#include "soap/feedback/transpose.hpp"

#include "soap/linalg/gemm.hpp"

namespace soap::inline SOAP_ABI {

void TransposeFeedback::send_down(ConstRef W, ConstRef delta, const Teaching&, Ref below) const {
  gemm(1, W.transpose(), delta, 0, below);
}

std::optional<double> TransposeFeedback::transported_bits(ConstRef W, std::int64_t steps) const {
  return static_cast<double>(steps) * bits_of(W);
}

std::unique_ptr<Feedback> feedback::transpose() { return std::make_unique<TransposeFeedback>(); }

}  // namespace soap::inline SOAP_ABI
