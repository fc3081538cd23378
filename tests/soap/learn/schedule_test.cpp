#include "soap/learn/schedule.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

using doctest::Approx;
using soap::make_schedule;
using soap::Schedule;
namespace schedule = soap::schedule;

namespace {

// Ten epochs of four steps.
double at(const Schedule& factor, std::int64_t step) {
  return factor({.step = step, .steps_per_epoch = 4, .total_steps = 40});
}

}  // namespace

TEST_CASE("constant is 1 from the first step to the last") {
  for (const std::int64_t step : {0, 1, 39}) CHECK(at(schedule::constant(), step) == 1);
}

TEST_CASE("multi-step multiplies by the factor once each epoch of the list has passed") {
  const Schedule factor = schedule::multi_step({2, 5}, 0.1);
  CHECK(at(factor, 0) == 1);
  CHECK(at(factor, 7) == 1);  // the last step of the second epoch
  CHECK(at(factor, 8) == Approx(0.1));
  CHECK(at(factor, 19) == Approx(0.1));
  CHECK(at(factor, 20) == Approx(0.01));
  CHECK(at(factor, 39) == Approx(0.01));
}

TEST_CASE("cosine falls along half a cosine from 1 towards the final factor") {
  const Schedule to_zero = schedule::cosine();
  const Schedule to_tenth = schedule::cosine(0.1);
  CHECK(at(to_zero, 0) == 1);
  CHECK(at(to_zero, 20) == Approx(0.5));
  CHECK(at(to_tenth, 0) == 1);
  CHECK(at(to_tenth, 20) == Approx(0.55));
  for (const std::int64_t step : {1, 10, 33, 39}) {
    CAPTURE(step);
    const double cosine = std::cos(std::numbers::pi * static_cast<double>(step) / 40);
    CHECK(at(to_zero, step) == Approx((1 + cosine) / 2));
    CHECK(at(to_tenth, step) == Approx(0.1 + 0.9 * (1 + cosine) / 2));
  }
  CHECK(at(schedule::cosine(1), 17) == 1);
}

TEST_CASE("warm-up rises linearly over its steps and then leaves the schedule as it is") {
  const Schedule factor = schedule::warm_up(4);
  CHECK(at(factor, 0) == 0.25);
  CHECK(at(factor, 1) == 0.5);
  CHECK(at(factor, 3) == 1);
  CHECK(at(factor, 4) == 1);
  const Schedule before_cosine = schedule::warm_up(10, schedule::cosine());
  CHECK(at(before_cosine, 4) == Approx(0.5 * at(schedule::cosine(), 4)));
  CHECK(at(before_cosine, 30) == at(schedule::cosine(), 30));
  CHECK(at(schedule::warm_up(1), 0) == 1);
}

TEST_CASE("schedules by name are the same functions") {
  for (const std::int64_t step : {0, 3, 8, 21, 39}) {
    CAPTURE(step);
    CHECK(at(make_schedule("constant"), step) == 1);
    CHECK(at(make_schedule("multi_step:epochs=2/5"), step) == at(schedule::multi_step({2, 5}, 0.1), step));
    CHECK(at(make_schedule("multi_step:epochs=3:factor=0.5"), step) ==
          at(schedule::multi_step({3}, 0.5), step));
    CHECK(at(make_schedule("cosine"), step) == at(schedule::cosine(0), step));
    CHECK(at(make_schedule("cosine:final=0.2:warmup=10"), step) ==
          at(schedule::warm_up(10, schedule::cosine(0.2)), step));
    CHECK(at(make_schedule("constant:warmup=0"), step) == 1);
  }
}

TEST_CASE("schedules that make no sense are refused") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::vector<std::int64_t>& epochs : {std::vector<std::int64_t>{}, {0}, {3, 3}, {5, 2}}) {
    CHECK_THROWS_WITH_AS(schedule::multi_step(epochs),
                         "multi_step: expected epochs that increase from at least 1", std::invalid_argument);
  }
  for (const double factor : {0.0, -1.0, nan, std::numeric_limits<double>::infinity()})
    CHECK_THROWS_AS(schedule::multi_step({1}, factor), std::invalid_argument);
  for (const double final_factor : {-0.1, 1.1, nan})
    CHECK_THROWS_AS(schedule::cosine(final_factor), std::invalid_argument);
  CHECK_THROWS_WITH_AS(schedule::warm_up(0), "warm-up: found 0 steps, expected at least 1",
                       std::invalid_argument);
  for (const std::string text :
       {"", "cosin", "constant:final=1", "cosine:final=2", "cosine:final=x", "multi_step",
        "multi_step:epochs=1/", "multi_step:epochs=2/1", "multi_step:epochs=1:factor=0", "constant:warmup=-1",
        "constant:warmup=1.5"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(make_schedule(text), std::invalid_argument);
  }
  CHECK_THROWS_WITH(make_schedule("cosin"),
                    "unknown schedule 'cosin' (nearest: cosine, constant, multi_step)");
}
