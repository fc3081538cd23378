// The fully connected layer.
#pragma once

#include <memory>

#include "soap/feedback/transpose.hpp"
#include "soap/linalg/initializer.hpp"
#include "soap/nn/layer.hpp"

namespace soap::inline SOAP_ABI {

struct DenseOptions {
  Initializer initializer = Initializer::xavier_normal;
};

/// z = W·x + b with W: out x in, b: out x 1. Errors go down through its feedback, backpropagation's Wᵀ by
/// default.
class Dense final : public Layer {
 public:
  /// Throws std::invalid_argument when a size is below 1 or the feedback is null.
  Dense(Index in, Index out, std::unique_ptr<Feedback> feedback = feedback::transpose(),
        const DenseOptions& options = {});

  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] LayerShape shape(Index below) const override;
  void initialize(const LayerSeed& seed) override;

  void forward(ConstRef x, Ref z, Phase phase) override;
  void backward(ConstRef x, ConstRef z, ConstRef delta, const Teaching& teaching, Ref below) override;

  void visit_parameters(ParameterVisitor visit) override;
  void visit_gradients(ConstRef x, ConstRef delta, GradientVisitor visit) override;

  [[nodiscard]] const Matrix* weights() const override { return &W_; }
  [[nodiscard]] Feedback* feedback() override { return feedback_.get(); }

 private:
  Matrix W_;
  Matrix b_;
  std::unique_ptr<Feedback> feedback_;
  DenseOptions options_;
};

}  // namespace soap::inline SOAP_ABI
