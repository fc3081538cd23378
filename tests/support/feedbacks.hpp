// Making feedbacks, and what they send.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "soap/feedback/registry.hpp"
#include "soap/feedback/transpose.hpp"
#include "soap/nn/dense.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/matrices.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline constexpr EdgeShape small_edge{.in = 9, .out = 7, .n_out = 3};
inline const Matrix small_delta = random_matrix(small_edge.out, 5, 2);

inline std::unique_ptr<Feedback> initialized(const std::string& rule, const EdgeShape& edge,
                                             std::uint64_t seed = 5) {
  auto feedback = make_feedback(rule);
  Rng rng(seed, "feedback");
  feedback->initialize(edge, rng);
  return feedback;
}

/// What a dense layer of these weights sends below; what stood there before is NaN.
inline Matrix error_below(const Feedback& feedback, ConstRef W, ConstRef delta, const Teaching& teaching) {
  Matrix below = Matrix::Constant(W.cols(), delta.cols(), std::numeric_limits<Scalar>::quiet_NaN());
  Dense(W.cols(), W.rows()).send(feedback.way(W), delta, teaching, below);
  return below;
}
inline Matrix error_below(const Feedback& feedback, ConstRef W, ConstRef delta) {
  return error_below(feedback, W, delta, {delta, delta});
}

}  // namespace SOAP_ABI
}  // namespace soap
