#include "soap/feedback/transpose.hpp"

namespace soap::inline SOAP_ABI {

Way TransposeFeedback::way(ConstRef W) const { return {W.transpose()}; }

std::optional<double> TransposeFeedback::transported_bits(ConstRef W, std::int64_t steps) const {
  return static_cast<double>(steps) * bits_of(W);
}

std::unique_ptr<Feedback> feedback::transpose() {
  auto made = std::make_unique<TransposeFeedback>();
  made->set_rule("bp");
  return made;
}

}  // namespace soap::inline SOAP_ABI
