// The Kolen-Pollack rule: the feedback matrix learns beside the weights.
#pragma once

#include "soap/feedback/random.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Sends B·delta down, where B (in x out) starts as feedback alignment's and is trained by the network's own
/// optimizer with the transpose of W's gradient, x·deltaᵀ, and with W's own learning rate and weight decay
/// (Kolen and Pollack, 1994; Akrout et al., 2019, eqs. 16 and 17). Both of its factors are at hand at the
/// synapse of B: no weight crosses over.
///
/// B and Wᵀ receive the same changes, so that only the decay takes away the difference between them: without
/// weight decay B keeps its distance to Wᵀ for ever.
class KolenPollackFeedback final : public RandomFeedback {
 public:
  using RandomFeedback::RandomFeedback;

  void visit_parameters(ParameterVisitor visit) override { visit({"B", B()}); }
  void visit_gradients(const Lesson& lesson, GradientVisitor visit) override {
    visit(B(), lesson.of_W.transposed());
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
