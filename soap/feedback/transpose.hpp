// Backpropagation.
#pragma once

#include "soap/feedback/feedback.hpp"

namespace soap::inline SOAP_ABI {

/// Sends Wᵀ·delta down (Rumelhart, Hinton and Williams, 1986). Transports every weight at every step.
class TransposeFeedback final : public Feedback {
 public:
  [[nodiscard]] Way way(ConstRef W) const override;
  /// All of W at each step.
  [[nodiscard]] std::optional<double> transported_bits(ConstRef W, std::int64_t steps) const override;
};

namespace feedback {

std::unique_ptr<Feedback> transpose();

}  // namespace feedback

}  // namespace soap::inline SOAP_ABI
