// The fully connected layer.
#pragma once

#include <memory>
#include <string>

#include "soap/feedback/transpose.hpp"
#include "soap/nn/weighted.hpp"

namespace soap {
inline namespace SOAP_ABI {

using DenseOptions = WeightedOptions;

/// z = W·x + b. Errors go down through its feedback, backpropagation's Wᵀ by default.
class Dense final : public Weighted {
 public:
  /// Throws std::invalid_argument when a size is below 1 or the feedback is null.
  Dense(Index in, Index out, std::unique_ptr<Feedback> feedback = feedback::transpose(),
        const DenseOptions& options = {});

  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] LayerShape shape(Index below) const override;
  void forward(ConstRef x, Ref z, Phase phase) override;

 protected:
  void send_down(const Factor& M, ConstRef delta, Ref below) const override;
  [[nodiscard]] Gradient weight_gradient(ConstRef x, ConstRef delta) const override;
};

}  // namespace SOAP_ABI
}  // namespace soap
