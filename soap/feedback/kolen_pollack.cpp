#include "soap/feedback/kolen_pollack.hpp"

namespace soap::inline SOAP_ABI {

std::unique_ptr<Feedback> feedback::kolen_pollack(const FeedbackDrawing& drawing) {
  return std::make_unique<KolenPollackFeedback>(drawing);
}

}  // namespace soap::inline SOAP_ABI
