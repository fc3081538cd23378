// Feedback that leads straight from the output, in its two kinds.
#pragma once

#include <utility>

#include "soap/feedback/feedback.hpp"
#include "soap/linalg/gemm.hpp"

namespace test {

/// Sends B·output_error, or of the targets -B·targets/batch; B: in x n_out.
class DirectFeedback final : public soap::Feedback {
 public:
  DirectFeedback(soap::Matrix B, soap::Carries carries) : B_(std::move(B)), carries_(carries) {}
  [[nodiscard]] soap::Carries carries() const override { return carries_; }
  void send_down(soap::ConstRef, soap::ConstRef, const soap::Teaching& teaching,
                 soap::Ref below) const override {
    if (carries_ == soap::Carries::output_error) return soap::gemm(1, B_, teaching.output_error, 0, below);
    const auto batch = static_cast<soap::Scalar>(teaching.targets.cols());
    soap::gemm(-1 / batch, B_, teaching.targets, 0, below);
  }

 private:
  soap::Matrix B_;
  soap::Carries carries_;
};

}  // namespace test
