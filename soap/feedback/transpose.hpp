// Backpropagation.
#pragma once

#include "soap/feedback/feedback.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Sends Wᵀ·delta down (Rumelhart, Hinton and Williams, 1986). Transports every weight at every step.
class TransposeFeedback final : public Feedback {
 public:
  TransposeFeedback() { set_rule("bp"); }

  [[nodiscard]] Way way(ConstRef W) const override { return {W.transpose()}; }
  /// All of W at each step.
  [[nodiscard]] std::optional<double> transported_bits(ConstRef W, std::int64_t steps) const override {
    return static_cast<double>(steps) * bits_of(W);
  }
};

namespace feedback {

inline std::unique_ptr<Feedback> transpose() { return std::make_unique<TransposeFeedback>(); }

}  // namespace feedback

}  // namespace SOAP_ABI
}  // namespace soap
