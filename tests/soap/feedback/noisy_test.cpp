#include "soap/feedback/noisy.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/feedbacks.hpp"

using namespace soap;

namespace {

constexpr EdgeShape large_edge{.in = 200, .out = 100, .n_out = 3};
const Matrix large_W = random_matrix(100, 200, 1, 0.3);

// The noise that a feedback adds to large_W, out x in.
Matrix noise_of(const Feedback& feedback) {
  return error_below(feedback, large_W, Matrix::Identity(100, 100)).transpose() - large_W;
}

}  // namespace

TEST_CASE("noisy adds noise of the given size to the weights, anew at each step") {
  const auto feedback = initialized("noisy:size=0.2", large_edge);
  feedback->before_step(large_W, 0);
  const Matrix first = noise_of(*feedback);
  CHECK(same_bits(noise_of(*feedback), first));
  feedback->before_step(large_W, 64);
  const Matrix second = noise_of(*feedback);
  for (const Matrix& noise : {first, second}) {
    CHECK(noise.norm() == doctest::Approx(0.2 * large_W.norm()).epsilon(0.02));
    CHECK(std::abs(noise.cwiseProduct(large_W).sum()) < 0.03 * noise.norm() * large_W.norm());
  }
  CHECK(std::abs(first.cwiseProduct(second).sum()) < 0.03 * first.norm() * second.norm());
}

TEST_CASE("without noise noisy is backpropagation bit for bit") {
  const Matrix delta = random_matrix(100, 5, 2);
  const auto feedback = initialized("noisy:size=0", large_edge);
  feedback->before_step(large_W, 0);
  CHECK(same_bits(error_below(*feedback, large_W, delta), error_below(TransposeFeedback(), large_W, delta)));
  CHECK(feedback->transported_bits(large_W, 10) == TransposeFeedback().transported_bits(large_W, 10));
}

TEST_CASE("noise is the same on any number of threads, and where a saved feedback goes on") {
  const auto one = initialized("noisy", large_edge);
  one->before_step(large_W, 0);
  const auto other = initialized("noisy", large_edge, 6);
  restore_state(*other, stored_state(*one));
  {
    const ThreadCount threads(1);
    one->before_step(large_W, 64);
  }
  const ThreadCount threads(3);
  other->before_step(large_W, 64);
  CHECK(same_bits(noise_of(*other), noise_of(*one)));
}

TEST_CASE("noise before the first step, and a wrong size, are errors") {
  const Matrix delta = random_matrix(100, 1, 2);
  CHECK_THROWS_WITH_AS(error_below(*initialized("noisy", large_edge), large_W, delta),
                       doctest::Contains("before_step"), std::logic_error);
  CHECK_THROWS_AS(make_feedback("noisy:size=-1"), std::invalid_argument);
  CHECK_THROWS_AS(NoisyFeedback({.size = -1}), std::invalid_argument);
  CHECK_THROWS_AS(NoisyFeedback({.size = std::numeric_limits<double>::infinity()}), std::invalid_argument);
}
