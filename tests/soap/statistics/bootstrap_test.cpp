#include "soap/statistics/bootstrap.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/linalg/random.hpp"

using doctest::Approx;
using soap::bootstrap_interval;
using soap::Interval;

TEST_CASE("a bootstrap interval is the same for the same values and seed, and moves with the values") {
  const std::vector<double> values{0.91, 0.92, 0.93, 0.95, 0.97, 0.94};
  const Interval interval = bootstrap_interval(values);
  CHECK(interval == bootstrap_interval(values));
  CHECK(interval.low > 0.91);
  CHECK(interval.low < 0.93);
  CHECK(interval.high > 0.945);
  CHECK(interval.high < 0.97);
  std::vector<double> moved = values;
  for (double& value : moved) value = 100 * value + 7;
  CHECK(bootstrap_interval(moved).low == Approx(100 * interval.low + 7));
  CHECK(bootstrap_interval(moved).high == Approx(100 * interval.high + 7));
  const Interval narrow = bootstrap_interval(values, {.level = 0.5});
  CHECK(narrow.low > interval.low);
  CHECK(narrow.high < interval.high);
  CHECK(bootstrap_interval(std::vector<double>{2, 2, 2}) == Interval{2, 2});
  // Two values say little: the interval is all that a resampled mean can be.
  CHECK(bootstrap_interval(std::vector<double>{1, 4}) == Interval{1, 4});
}

TEST_CASE("of many values the bootstrap interval is the normal one") {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i % 2 == 0 ? 1 : -1);
  // Resampled means have a standard deviation of 1/sqrt(400).
  const Interval interval = bootstrap_interval(values);
  CHECK(interval.low == Approx(-1.96 / 20).epsilon(0.06));
  CHECK(interval.high == Approx(1.96 / 20).epsilon(0.06));
}

TEST_CASE("bootstrap intervals of few normal values hold the true mean nearly as often as they say") {
  const auto coverage = [](int count) {
    soap::Rng rng(7, "coverage", static_cast<std::uint64_t>(count));
    constexpr int repeats = 1000;
    int held = 0;
    std::vector<double> values(static_cast<std::size_t>(count));
    for (int repeat = 0; repeat < repeats; ++repeat) {
      for (double& value : values) value = 3 + rng.normal();
      const Interval interval = bootstrap_interval(values, {.resamples = 2000});
      held += interval.low <= 3 && 3 <= interval.high ? 1 : 0;
    }
    return static_cast<double>(held) / repeats;
  };
  const double five = coverage(5);
  const double ten = coverage(10);
  MESSAGE("coverage of 95 % intervals: " << coverage(3) << " of 3 values, " << five << " of 5, " << ten
                                         << " of 10");
  // The plain percentile interval would hold it 82 and 90 times in 100.
  CHECK(five > 0.87);
  CHECK(ten > 0.925);
  CHECK(ten < 0.975);
}

TEST_CASE("a bootstrap that cannot be is refused") {
  CHECK_THROWS_WITH_AS(bootstrap_interval(std::vector<double>{1}),
                       "bootstrap: found 1 values, expected at least 2", std::invalid_argument);
  const std::vector<double> values{1, 2, 3};
  CHECK_THROWS_AS(bootstrap_interval(values, {.level = 1}), std::invalid_argument);
  CHECK_THROWS_AS(bootstrap_interval(values, {.level = std::nan("")}), std::invalid_argument);
  CHECK_THROWS_AS(bootstrap_interval(values, {.resamples = 99}), std::invalid_argument);
}
