#include "soap/learn/loss_curve.hpp"

#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/infinity.hpp"

using soap::LossCurve;
using soap::median_steps_to_loss;
using soap::moving_mean;
using soap::steps_to_loss;
using soap::StepsToLoss;
using test::infinity;

namespace {

// Every step logged; the loss falls from 1 to 0 for good after `step`.
LossCurve drops_after(std::int64_t step) {
  LossCurve curve;
  for (std::int64_t i = 1; i <= 100; ++i) {
    curve.steps.push_back(i);
    curve.losses.push_back(i <= step ? 1 : 0);
  }
  return curve;
}

}  // namespace

TEST_CASE("the moving mean weights rows by the steps they cover") {
  // Row lengths 2, 3, 1, 4.
  const LossCurve curve{.steps = {2, 5, 6, 10}, .losses = {8, 4, 2, 1}};
  const LossCurve one = moving_mean(curve, 1);
  CHECK(one.losses == curve.losses);
  const LossCurve four = moving_mean(curve, 4);
  CHECK(four.steps == curve.steps);
  CHECK(four.losses[0] == 8);                                       // only 2 steps so far
  CHECK(four.losses[1] == doctest::Approx((3 * 4 + 2 * 8) / 5.0));  // 3 steps are too few, so 5
  CHECK(four.losses[2] == doctest::Approx((2 + 3 * 4) / 4.0));      // exactly 4
  CHECK(four.losses[3] == 1);                                       // one row is enough
}

TEST_CASE("the moving mean recovers from an infinite loss that has left the window") {
  const LossCurve curve{.steps = {1, 2, 3, 4}, .losses = {infinity, 1, 1, 3}};
  CHECK(moving_mean(curve, 2).losses == std::vector<double>{infinity, infinity, 1, 2});
}

TEST_CASE("steps to a loss are those of the first window that lies below it") {
  // Mean over 20 steps after step s is (20 - (s - 30)) / 20 for 30 <= s <= 50: below 0.3 from s = 45 on.
  CHECK(steps_to_loss(drops_after(30), 0.3) == 45);
  CHECK(steps_to_loss(drops_after(30), 0.3, 10) == 38);
  CHECK(steps_to_loss(drops_after(30), 0.3, 1) == 31);
  CHECK(steps_to_loss(drops_after(30), 1.5, 1) == 1);
}

TEST_CASE("no step before the window is full counts, and a loss that is met but not undercut does not") {
  CHECK(steps_to_loss(drops_after(0), 0.3) == 20);
  CHECK(steps_to_loss(drops_after(100), 1.0) == std::nullopt);
  CHECK(steps_to_loss(LossCurve{.steps = {10}, .losses = {0}}, 0.3) == std::nullopt);
  CHECK(steps_to_loss(LossCurve{}, 0.3) == std::nullopt);
}

TEST_CASE("steps to a loss with a row every ten steps fall on a row") {
  const LossCurve curve{.steps = {10, 20, 30, 40}, .losses = {1.0, 0.5, 0.2, 0.0}};
  CHECK(steps_to_loss(curve, 0.4) == 30);      // (0.5 + 0.2) / 2
  CHECK(steps_to_loss(curve, 0.35) == 40);     // 0.35 is not below 0.35
  CHECK(steps_to_loss(curve, 0.3, 10) == 30);  // one row
  CHECK(steps_to_loss(curve, 0.3, 11) == 40);  // two rows
  CHECK(steps_to_loss(curve, 0.01, 11) == std::nullopt);
}

TEST_CASE("curves that make no sense are refused") {
  CHECK_THROWS_AS(moving_mean({.steps = {1, 2}, .losses = {1}}, 1), std::invalid_argument);
  CHECK_THROWS_AS(moving_mean({.steps = {1, 1}, .losses = {1, 1}}, 1), std::invalid_argument);
  CHECK_THROWS_AS(moving_mean({.steps = {0}, .losses = {1}}, 1), std::invalid_argument);
  CHECK_THROWS_AS(steps_to_loss(drops_after(3), 0.3, 0), std::invalid_argument);
}

TEST_CASE("the median over runs counts a run that never got there as infinitely slow") {
  const LossCurve never = drops_after(1000);
  const auto median = [&](const std::vector<LossCurve>& runs) { return median_steps_to_loss(runs, 0.5, 1); };

  const StepsToLoss three = median({drops_after(10), never, drops_after(20)});
  CHECK(three.median == 21);
  CHECK(three.reached == 2);
  CHECK(three.runs == 3);
  CHECK(to_text(three) == "21 (2 of 3)");

  CHECK(median({drops_after(10), drops_after(20)}).median == 16);
  CHECK(to_text(median({drops_after(10)})) == "11");
  CHECK(median({drops_after(10), never}).median == std::nullopt);
  CHECK(to_text(median({drops_after(10), never})) == "never (1 of 2)");
  CHECK(to_text(median({never, never})) == "never");
  CHECK(to_text(StepsToLoss{.median = 1234567, .reached = 1, .runs = 1}) == "1,234,567");
  CHECK(to_text(StepsToLoss{.median = 123, .reached = 1, .runs = 1}) == "123");
}
