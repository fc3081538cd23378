#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/linalg/random.hpp"
#include "soap/statistics/sign_flip.hpp"

#include "tests/support/statistics.hpp"

using doctest::Approx;
using soap::Interval;
using soap::Rng;
using soap::sign_flip_interval;
using soap::sign_flip_test;

namespace {

using Values = std::vector<double>;

void check_interval(const std::optional<Interval>& found, const nlohmann::json& expected, double unit,
                    double offset) {
  REQUIRE(found.has_value() == !expected.is_null());
  if (!found) return;
  // Equal sums are equal within a billionth of all sizes.
  const double near = 1e-6 * unit;
  CHECK(std::abs(found->low - (offset + unit * expected.at(0).get<double>())) <= near);
  CHECK(std::abs(found->high - (offset + unit * expected.at(1).get<double>())) <= near);
}

// Of the kinds that sweeps give: smooth, of few levels with many ties and zeros, and with rounded ties.
Values drawn_values(Rng& rng, std::size_t count) {
  const auto kind = rng.below(4);
  const double shift = static_cast<double>(rng.below(4)) * 0.3;
  Values values(count);
  for (double& value : values) {
    const double levels = static_cast<double>(rng.below(5)) - 1;
    const double smooth = shift + rng.normal();
    if (kind == 0) value = smooth;
    if (kind == 1) value = levels;
    if (kind == 2) value = 0.9 + levels / 10'000 - 0.9;
    if (kind == 3) value = 0.1 + std::round(10 * smooth) / 100 - 0.1;
  }
  return values;
}

}  // namespace

TEST_CASE("the interval is that of Hartigan's typical values, counted apart") {
  for (const auto& figures : soap::reference_statistics().at("sign_flips")) {
    CAPTURE(figures.dump());
    const auto values = figures.at("values").get<Values>();
    check_interval(sign_flip_interval(values), figures.at("interval_95"), 1, 0);
    check_interval(sign_flip_interval(values, 0.8), figures.at("interval_80"), 1, 0);
    // As accuracies are, whose differences from a mean are rounded.
    Values accuracies = values;
    for (double& accuracy : accuracies) accuracy = 0.9 + accuracy / 10'000;
    check_interval(sign_flip_interval(accuracies), figures.at("interval_95"), 1e-4, 0.9);
  }
}

TEST_CASE("interval and test never disagree about 0") {
  Rng rng(5, "interval and test");
  int left_out = 0;
  int at_an_end = 0;
  for (int repeat = 0; repeat < 4000; ++repeat) {
    const Values values = drawn_values(rng, 1 + rng.below(12));
    const double level = std::vector<double>{0.95, 0.9, 0.9375, 0.965, 0.5}[rng.below(5)];
    const auto interval = sign_flip_interval(values, level);
    const bool rejected = sign_flip_test(values) < 1 - level;
    CAPTURE(nlohmann::json(values).dump());
    CAPTURE(level);
    CHECK((interval && !interval->contains(0)) == rejected);
    if (!interval) continue;
    CHECK(interval->low <= interval->high);
    left_out += rejected ? 1 : 0;
    at_an_end += interval->low == 0 || interval->high == 0 ? 1 : 0;
  }
  // Neither case is missing.
  CHECK(left_out > 500);
  CHECK(at_an_end > 50);
}

TEST_CASE("interval and test never disagree about 0 where signs are drawn") {
  Rng rng(6, "interval and drawn signs");
  int left_out = 0;
  for (int repeat = 0; repeat < 400; ++repeat) {
    const Values values = drawn_values(rng, 6 + rng.below(20));
    const soap::SignFlipOptions options{.most_enumerated = 5, .samples = 999, .seed = rng.bits()};
    const auto interval = sign_flip_interval(values, 0.95, options);
    const bool rejected = sign_flip_test(values, options) < 1 - 0.95;
    CHECK((interval && !interval->contains(0)) == rejected);
    left_out += rejected ? 1 : 0;
  }
  CHECK(left_out > 50);
}

TEST_CASE("the interval holds exactly the means that the test keeps") {
  Rng rng(7, "interval and means");
  for (int repeat = 0; repeat < 200; ++repeat) {
    Values values(6 + rng.below(6));
    for (double& value : values) value = rng.normal();
    const auto interval = sign_flip_interval(values);
    REQUIRE(interval);
    for (int place = 0; place < 20; ++place) {
      const double mean = 2 * rng.normal();
      Values shifted = values;
      for (double& value : shifted) value -= mean;
      CHECK(interval->contains(mean) == (sign_flip_test(shifted) >= 0.05));
    }
  }
}

TEST_CASE("drawn signs give nearly the interval of all signs") {
  Rng rng(8);
  Values values(18);
  for (double& value : values) value = 5 + rng.normal();
  const auto exact = sign_flip_interval(values);
  const auto drawn = sign_flip_interval(values, 0.95, {.most_enumerated = 0});
  REQUIRE(exact);
  REQUIRE(drawn);
  CHECK(drawn->low == Approx(exact->low).epsilon(0.003));
  CHECK(drawn->high == Approx(exact->high).epsilon(0.003));
  CHECK(*drawn != *exact);
}

TEST_CASE("intervals move and stretch with the values, and too few have none") {
  const Values values{0.91, 0.92, 0.93, 0.95, 0.97, 0.94, 0.96};
  const Interval interval = sign_flip_interval(values).value();
  Values moved = values;
  for (double& value : moved) value = 100 * value + 7;
  CHECK(sign_flip_interval(moved).value().low == Approx(100 * interval.low + 7));
  CHECK(sign_flip_interval(moved).value().high == Approx(100 * interval.high + 7));
  // With 6 values at 95 % nothing but the extremes is rejected.
  CHECK(sign_flip_interval(Values{1, 2, 3, 4, 5, 9}).value() == Interval{1, 9});
  CHECK(sign_flip_interval(Values{2, 2, 2, 2, 2, 2}).value() == Interval{2, 2});
  CHECK_FALSE(sign_flip_interval(Values{1, 2, 3, 4, 5}));
  CHECK(sign_flip_interval(Values{1, 2, 3, 4, 5}, 0.9));
  CHECK_FALSE(sign_flip_interval({}));
  // A p of 1/16 is not below 1 - 0.9375.
  CHECK_FALSE(sign_flip_interval(Values{1, 2, 3, 4, 5}, 0.9375));
}

TEST_CASE("an interval that cannot be is refused") {
  const Values values{1, 2, 3, 4, 5, 6};
  CHECK_THROWS_WITH_AS(sign_flip_interval(values, 95),
                       "sign-flip interval: found level 95, expected one between 0 and 1",
                       std::invalid_argument);
  CHECK_THROWS_AS(sign_flip_interval(values, std::nan("")), std::invalid_argument);
  CHECK_THROWS_AS(sign_flip_interval(values, 0.95, {.alternative = soap::Alternative::less}),
                  std::invalid_argument);
  CHECK_THROWS_AS(sign_flip_interval(Values{1, std::numeric_limits<double>::infinity()}),
                  std::invalid_argument);
}
