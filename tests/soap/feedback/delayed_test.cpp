#include "soap/feedback/delayed.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/feedbacks.hpp"

using namespace soap;

namespace {

// The weights before step t.
Matrix weights_at(std::int64_t t) { return random_matrix(7, 9, static_cast<std::uint64_t>(t)); }

bool sends_through(const Feedback& feedback, ConstRef V) {
  return same_bits(error_below(feedback, weights_at(0), small_delta),
                   error_below(TransposeFeedback(), V, small_delta));
}

std::int64_t copies_in(Feedback& feedback) { return stored_state(feedback).counters.at("copies"); }

}  // namespace

TEST_CASE("delayed sends through the weights of the newest step that is old enough") {
  // Batches of several sizes, as at the ends of epochs.
  const std::vector<std::int64_t> seen = {0,   64,  128, 192, 250, 314,  378,
                                          400, 401, 402, 403, 500, 1000, 1001};
  for (const std::int64_t delay : {0, 1, 2, 63, 64, 65, 100, 128, 500, 5000}) {
    CAPTURE(delay);
    const auto feedback = initialized("delayed:examples=" + std::to_string(delay), small_edge);
    for (std::size_t t = 0; t < seen.size(); ++t) {
      CAPTURE(t);
      feedback->before_step(weights_at(static_cast<std::int64_t>(t)), seen[t]);
      std::size_t expected = 0;
      for (std::size_t s = 0; s <= t; ++s) {
        if (seen[s] <= seen[t] - delay) expected = s;
      }
      CHECK(sends_through(*feedback, weights_at(static_cast<std::int64_t>(expected))));
    }
  }
}

TEST_CASE("without a delay delayed is backpropagation bit for bit, and transports as much") {
  const auto feedback = initialized("delayed:examples=0", small_edge);
  for (std::int64_t t = 0; t < 5; ++t) {
    feedback->before_step(weights_at(t), 8 * t);
    CHECK(sends_through(*feedback, weights_at(t)));
    CHECK(copies_in(*feedback) == 1);
  }
  CHECK(feedback->transported_bits(weights_at(0), 10) ==
        TransposeFeedback().transported_bits(weights_at(0), 10));
}

TEST_CASE("delayed keeps no more copies than the delay has steps, and one") {
  const auto feedback = initialized("delayed:examples=80", small_edge);
  for (std::int64_t t = 0; t < 50; ++t) {
    feedback->before_step(weights_at(t), 8 * t);
    CHECK(copies_in(*feedback) == std::min<std::int64_t>(t + 1, 11));
  }
}

TEST_CASE("a count of examples that starts anew forgets the weights of the run before") {
  const auto feedback = initialized("delayed:examples=16", small_edge);
  for (std::int64_t t = 0; t < 5; ++t) feedback->before_step(weights_at(t), 8 * t);
  feedback->before_step(weights_at(7), 0);
  CHECK(sends_through(*feedback, weights_at(7)));
  CHECK(copies_in(*feedback) == 1);
}

TEST_CASE("a restored delayed feedback goes on as the saved one would have") {
  const auto one = initialized("delayed:examples=40", small_edge);
  const auto other = initialized("delayed:examples=40", small_edge, 6);
  for (std::int64_t t = 0; t < 17; ++t) one->before_step(weights_at(t), 8 * t);
  for (std::int64_t t = 0; t < 3; ++t) other->before_step(weights_at(100 + t), 8 * t);
  restore_state(*other, stored_state(*one));
  for (std::int64_t t = 17; t < 40; ++t) {
    CHECK(same_bits(error_below(*other, weights_at(0), small_delta),
                    error_below(*one, weights_at(0), small_delta)));
    one->before_step(weights_at(t), 8 * t);
    other->before_step(weights_at(t), 8 * t);
  }
}

TEST_CASE("delayed refuses a negative delay, other shapes, and to send before the first step") {
  const Matrix delta = random_matrix(7, 1, 2);
  CHECK_THROWS_AS(make_feedback("delayed:examples=-1"), std::invalid_argument);
  CHECK_THROWS_AS(DelayedFeedback({.examples = -1}), std::invalid_argument);
  CHECK_THROWS_WITH_AS(error_below(*initialized("delayed", small_edge), weights_at(0), delta),
                       doctest::Contains("before_step"), std::logic_error);
}
