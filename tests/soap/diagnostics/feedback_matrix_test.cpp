#include "soap/diagnostics/feedback_matrix.hpp"

#include <doctest/doctest.h>

#include "soap/feedback/registry.hpp"
#include "soap/feedback/transpose.hpp"
#include "soap/linalg/gemm.hpp"

#include "tests/support/direct_feedback.hpp"
#include "tests/support/feedback_state.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

TEST_CASE("the matrix of a rule that carries delta is the one it stores, or the transposed weights") {
  const Matrix W = random_matrix(4, 7, 1);
  CHECK(same_bits(feedback_matrix(TransposeFeedback(), W, 3), W.transpose()));
  const auto fa = make_feedback("fa");
  Rng rng(1, "feedback");
  fa->initialize({.in = 7, .out = 4, .n_out = 3}, rng);
  CHECK(same_bits(feedback_matrix(*fa, W, 3), get_matrix(*fa, "B")));
}

TEST_CASE("a rule that carries the output's error, or the targets, shows its direct matrix") {
  const Matrix W = random_matrix(4, 7, 1);
  const Matrix B = random_matrix(7, 3, 2);
  CHECK(same_bits(feedback_matrix(test::DirectFeedback(B, Carries::output_error), W, 3), B));
  CHECK(same_bits(feedback_matrix(test::DirectFeedback(B, Carries::targets), W, 3), B));
}
