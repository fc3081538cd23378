#include "soap/feedback/sign_symmetry.hpp"

#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/feedback_state.hpp"
#include "tests/support/feedbacks.hpp"

using namespace soap;

namespace {

Matrix weights_with_a_zero(std::uint64_t seed = 1) {
  Matrix W = random_matrix(7, 9, seed);
  W(3, 4) = 0;
  return W;
}

// The matrix that a feedback sends through, in x out.
Matrix sent_through(const Feedback& feedback, ConstRef W) {
  return error_below(feedback, W, Matrix::Identity(W.rows(), W.rows()));
}

}  // namespace

TEST_CASE("usf sends through the signs of W at a fixed scale, of the last step's W") {
  const auto feedback = initialized("usf", small_edge);
  const Matrix W = weights_with_a_zero();
  const Matrix scaled = W.array().sign() * static_cast<Scalar>(std::sqrt(2.0 / 16));
  feedback->before_step(W, 0);
  CHECK(same_bits(sent_through(*feedback, W), scaled.transpose()));
  CHECK(same_bits(sent_through(*feedback, -W), scaled.transpose()));
  feedback->before_step(-W, 1);
  CHECK(sent_through(*feedback, W) == -scaled.transpose());
}

TEST_CASE("the signs of a block of a larger matrix are taken alike") {
  const Matrix larger = random_matrix(12, 9, 1);
  const auto feedback = initialized("usf", small_edge);
  feedback->before_step(larger.middleRows(2, 7), 0);
  const Matrix expected = larger.middleRows(2, 7).array().sign() * static_cast<Scalar>(std::sqrt(2.0 / 16));
  CHECK(same_bits(sent_through(*feedback, larger.middleRows(2, 7)), expected.transpose()));
}

TEST_CASE("frsf gives the signs of W to magnitudes that stay") {
  const auto feedback = initialized("frsf", small_edge);
  const Matrix M = get_matrix(*feedback, "magnitudes");
  REQUIRE(M.rows() == 7);
  REQUIRE(M.cols() == 9);
  for (const std::uint64_t seed : {1, 3}) {
    const Matrix W = weights_with_a_zero(seed);
    feedback->before_step(W, static_cast<std::int64_t>(seed));
    const Matrix expected = M.array().abs() * W.array().sign();
    CHECK(same_bits(sent_through(*feedback, W), expected.transpose()));
  }
  CHECK(same_bits(get_matrix(*feedback, "magnitudes"), M));
}

TEST_CASE("brsf gives the signs of W to magnitudes that every step draws anew") {
  const auto feedback = initialized("brsf:init=kaiming_normal", {.in = 200, .out = 100, .n_out = 3});
  const Matrix W = random_matrix(100, 200, 1);
  feedback->before_step(W, 0);
  const Matrix first = sent_through(*feedback, W);
  CHECK(same_bits(sent_through(*feedback, W), first));
  feedback->before_step(W, 64);
  const Matrix second = sent_through(*feedback, W);
  for (const Matrix& sent : {first, second}) {
    CHECK((sent.array().sign() == W.transpose().array().sign()).all());
    CHECK(std::sqrt(sent.squaredNorm() / static_cast<Scalar>(sent.size())) ==
          doctest::Approx(std::sqrt(2.0 / 200)).epsilon(0.02));
  }
  const Matrix first_sizes = first.cwiseAbs();
  const Matrix second_sizes = second.cwiseAbs();
  // Half-normal sizes that have nothing to do with each other: <ab>/<aa> is 2/pi.
  CHECK(first_sizes.cwiseProduct(second_sizes).sum() / first_sizes.squaredNorm() ==
        doctest::Approx(2 / 3.14159265).epsilon(0.03));
}

TEST_CASE("magnitudes are the same on any number of threads") {
  const Matrix W = random_matrix(100, 200, 1);
  Matrix serial;
  for (const int count : {1, 3}) {
    const ThreadCount threads(count);
    const auto feedback = initialized("brsf", {.in = 200, .out = 100, .n_out = 3});
    feedback->before_step(W, 0);
    if (count == 1) serial = sent_through(*feedback, W);
    CHECK(same_bits(sent_through(*feedback, W), serial));
  }
}

TEST_CASE("with the magnitudes of W sign-symmetry is backpropagation bit for bit") {
  const Matrix W = weights_with_a_zero();
  const auto fixed = initialized("frsf", small_edge);
  REQUIRE(set_matrix(*fixed, "magnitudes", W.cwiseAbs()));
  fixed->before_step(W, 0);
  CHECK(same_bits(error_below(*fixed, W, small_delta), error_below(TransposeFeedback(), W, small_delta)));

  const auto uniform = initialized("usf", small_edge);
  const Matrix scaled = W.array().sign() * static_cast<Scalar>(std::sqrt(2.0 / 16));
  uniform->before_step(scaled, 0);
  CHECK(same_bits(error_below(*uniform, scaled, small_delta),
                  error_below(TransposeFeedback(), scaled, small_delta)));
}

TEST_CASE("a restored sign-symmetric feedback goes on as the saved one would have") {
  const Matrix W = weights_with_a_zero();
  for (const char* rule : {"usf", "brsf", "frsf"}) {
    CAPTURE(rule);
    const auto one = initialized(rule, small_edge);
    one->before_step(W, 0);
    one->before_step(W, 64);
    const auto other = initialized(rule, small_edge, 6);
    restore_state(*other, stored_state(*one));
    one->before_step(W, 128);
    other->before_step(W, 128);
    CHECK(same_bits(sent_through(*other, W), sent_through(*one, W)));
  }
}

TEST_CASE("sign-symmetry carries a bit of each weight over at each step") {
  const Matrix W = weights_with_a_zero();
  for (const char* rule : {"usf", "brsf", "frsf"}) {
    CHECK(initialized(rule, small_edge)->transported_bits(W, 10) == 10.0 * 63);
  }
}

TEST_CASE("signs that were never taken, or of another shape, and a wrong option are errors") {
  const Matrix W = weights_with_a_zero();
  CHECK_THROWS_AS(SignSymmetryFeedback({.magnitudes = Magnitudes::fixed}).before_step(W, 0),
                  std::logic_error);
  CHECK_THROWS_WITH_AS(error_below(*initialized("usf", small_edge), W, small_delta),
                       doctest::Contains("before_step"), std::logic_error);
  CHECK_THROWS_AS(initialized("brsf", {.in = 3, .out = 2, .n_out = 1})->before_step(W, 0), std::logic_error);
  CHECK_THROWS_AS(make_feedback("usf:init=xavier_normal"), std::invalid_argument);
  CHECK_THROWS_AS(make_feedback("frsf:init=ones"), std::invalid_argument);
}
