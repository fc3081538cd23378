// Feedback that leads straight from the output, in its two kinds.
#pragma once

#include <utility>

#include "soap/feedback/feedback.hpp"

namespace test {

/// Carries the output's error or the targets; B: in x n_out.
class DirectFeedback final : public soap::Feedback {
 public:
  DirectFeedback(soap::Matrix B, soap::Carries carries) : B_(std::move(B)), carries_(carries) {}
  [[nodiscard]] soap::Way way(soap::ConstRef) const override { return {B_, carries_}; }

 private:
  soap::Matrix B_;
  soap::Carries carries_;
};

}  // namespace test
