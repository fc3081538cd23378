#include "soap/feedback/direct.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/feedback_state.hpp"
#include "tests/support/feedbacks.hpp"

using namespace soap;

namespace {

const Matrix small_W = random_matrix(7, 9, 1);
const Matrix output_error = random_matrix(3, 5, 3);
const Matrix targets = random_matrix(3, 5, 4);
const Teaching teaching{output_error, targets};

}  // namespace

TEST_CASE("dfa sends the output's error through a matrix of its own") {
  const auto feedback = initialized("dfa", small_edge);
  const Matrix B = get_matrix(*feedback, "direct_B");
  REQUIRE(B.rows() == 9);
  REQUIRE(B.cols() == 3);
  CHECK(feedback->way(small_W).carries == Carries::output_error);
  CHECK(largest_difference(error_below(*feedback, small_W, small_delta, teaching), B * output_error) < 1e-6);
}

TEST_CASE("drtp sends the targets, less than zero and divided by the batch") {
  const auto feedback = initialized("drtp", small_edge);
  const Matrix B = get_matrix(*feedback, "direct_B");
  CHECK(feedback->way(small_W).carries == Carries::targets);
  CHECK(largest_difference(error_below(*feedback, small_W, small_delta, teaching), B * targets / Scalar(-5)) <
        1e-6);
}

TEST_CASE("below the output layer dfa with the transposed weights is backpropagation bit for bit") {
  const EdgeShape top{.in = 9, .out = 7, .n_out = 7};
  const auto feedback = initialized("dfa", top);
  REQUIRE(set_matrix(*feedback, "direct_B", small_W.transpose()));
  CHECK(same_bits(error_below(*feedback, small_W, small_delta),
                  error_below(TransposeFeedback(), small_W, small_delta)));
}

TEST_CASE("the direct matrix has the deviation of its initializer, is drawn once and never changes") {
  for (const char* rule : {"dfa:init=kaiming_normal", "drtp:init=kaiming_normal"}) {
    CAPTURE(rule);
    const auto feedback = initialized(rule, {.in = 300, .out = 20, .n_out = 200});
    const Matrix B = get_matrix(*feedback, "direct_B");
    CHECK(std::sqrt(B.squaredNorm() / static_cast<Scalar>(B.size())) ==
          doctest::Approx(std::sqrt(2.0 / 300)).epsilon(0.02));
    feedback->before_step(random_matrix(20, 300, 1), 1'000'000);
    CHECK(same_bits(get_matrix(*feedback, "direct_B"), B));
    CHECK(feedback->transported_bits(random_matrix(20, 300, 1), 1000) == 0.0);
  }
}

TEST_CASE("a direct matrix can be put into another feedback") {
  for (const char* rule : {"dfa", "drtp"}) {
    CAPTURE(rule);
    const auto one = initialized(rule, small_edge);
    const auto other = initialized(rule, small_edge, 6);
    CHECK_FALSE(same_bits(error_below(*other, small_W, small_delta, teaching),
                          error_below(*one, small_W, small_delta, teaching)));
    restore_state(*other, stored_state(*one));
    CHECK(same_bits(error_below(*other, small_W, small_delta, teaching),
                    error_below(*one, small_W, small_delta, teaching)));
  }
}

TEST_CASE("a direct matrix that was never initialized, and a wrong option, are errors") {
  for (const Carries carries : {Carries::output_error, Carries::targets})
    CHECK_THROWS_AS(error_below(DirectFeedback({}, carries), small_W, small_delta, teaching),
                    std::logic_error);
  CHECK_THROWS_AS(make_feedback("dfa:init=zeros"), std::invalid_argument);
  CHECK_THROWS_AS(make_feedback("drtp:period=3"), std::invalid_argument);
}
