// The matrix behind a feedback, whatever its rule.
#pragma once

#include "soap/feedback/feedback.hpp"

namespace soap::inline SOAP_ABI {

/// The matrix that a feedback multiplies what it carries with. A rule is linear in what `carries()` says, so
/// this is what comes out when the identity is sent through: in x out for rules that carry delta, else
/// in x n_out. Targets are sent one example at a time, as a rule may scale them with the size of a batch, and
/// with their sign turned: an error is the output minus the target. W: out x in.
Matrix feedback_matrix(const Feedback& feedback, ConstRef W, Index n_out);

}  // namespace soap::inline SOAP_ABI
