// The laws that every feedback rule joins with one line.
#pragma once

#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "soap/feedback/registry.hpp"
#include "soap/feedback/transpose.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/matrices.hpp"

namespace soap::inline SOAP_ABI {

/// The error that a feedback sends below W for this delta; what stood there before is NaN, so that a rule
/// that leaves an element unwritten is found.
inline Matrix sent_down(const Feedback& feedback, const Matrix& W, const Matrix& delta,
                        const Teaching& teaching) {
  Matrix below = Matrix::Constant(W.cols(), delta.cols(), std::numeric_limits<Scalar>::quiet_NaN());
  feedback.send_down(W, delta, teaching, below);
  return below;
}

/// Checks a rule that carries errors through a matrix, by name: it writes the whole error below, whatever the
/// shapes; is linear in delta; sends something; keeps its state from send to send; draws the same state from
/// the same stream; and, where it stores a B, is backpropagation bit for bit once B is Wᵀ.
inline void check_rule_laws(const std::string& rule) {
  CAPTURE(rule);
  const Index shapes[][3] = {{7, 5, 4}, {1, 1, 1}, {1, 6, 3}, {6, 1, 2}, {33, 70, 20}};
  for (const auto& shape : shapes) {
    const Index out = shape[0];
    const Index in = shape[1];
    const Index batch = shape[2];
    CAPTURE(out);
    CAPTURE(in);
    const Matrix W = random_matrix(out, in, 1);
    const Matrix delta = random_matrix(out, batch, 2);
    const Matrix other = random_matrix(out, batch, 3);
    const Matrix error = random_matrix(2, batch, 4);
    const Teaching teaching{error, error};
    const auto make = [&] {
      auto feedback = make_feedback(rule);
      Rng rng(5, "feedback");
      feedback->initialize({.in = in, .out = out, .n_out = 2}, rng);
      return feedback;
    };
    const auto feedback = make();
    const Matrix below = sent_down(*feedback, W, delta, teaching);
    CHECK(below.allFinite());
    CHECK(below.squaredNorm() > 0);
    CHECK(same_bits(sent_down(*feedback, W, delta, teaching), below));
    CHECK(same_bits(sent_down(*make(), W, delta, teaching), below));

    const Matrix sum = delta + Scalar(0.5) * other;
    const Matrix expected = below + Scalar(0.5) * sent_down(*feedback, W, other, teaching);
    CHECK(largest_difference(sent_down(*feedback, W, sum, teaching), expected) <
          100 * Eigen::NumTraits<Scalar>::epsilon());

    if (set_matrix(*feedback, "B", W.transpose())) {
      CHECK(same_bits(sent_down(*feedback, W, delta, teaching),
                      sent_down(TransposeFeedback(), W, delta, teaching)));
    }
  }
}

}  // namespace soap::inline SOAP_ABI
