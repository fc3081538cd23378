#include "soap/statistics/censored.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using soap::censored_median_interval;
using soap::censored_quantile;
using soap::CensoredTime;
using soap::Interval;

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

std::vector<CensoredTime> all_happened(const std::vector<double>& times) {
  std::vector<CensoredTime> result;
  for (const double time : times) result.push_back({time, true});
  return result;
}

}  // namespace

TEST_CASE("without censoring the median is the ordinary one") {
  CHECK(censored_quantile(all_happened({30, 10, 20}), 0.5) == 20);
  CHECK(censored_quantile(all_happened({40, 10, 20, 30}), 0.5) == 25);
  CHECK(censored_quantile(all_happened({7}), 0.5) == 7);
  CHECK(censored_quantile(all_happened({40, 10, 20, 30}), 0.25) == 15);
  CHECK(censored_quantile(all_happened({40, 10, 20, 30}), 0.3) == 20);
  CHECK_FALSE(censored_quantile({}, 0.5).has_value());
}

TEST_CASE("runs of one length that never got there count as infinitely slow") {
  std::vector<CensoredTime> times = all_happened({10, 30, 20});
  times.push_back({100, false});
  CHECK(censored_quantile(times, 0.5) == 25);
  times.push_back({100, false});
  CHECK(censored_quantile(times, 0.5) == 30);
  times.push_back({never, false});  // diverged
  CHECK_FALSE(censored_quantile(times, 0.5).has_value());
  times.push_back({100, false});
  CHECK_FALSE(censored_quantile(times, 0.5).has_value());
  CHECK(censored_quantile(times, 0.25) == 20);
}

TEST_CASE("the median remission of the 6-MP patients is the published 23 weeks") {
  // Freireich and others (1963), the textbook case of Kaplan and Meier's estimate: S falls to 0.538 at week
  // 22 and to 0.448 at week 23. Counting the censored as infinitely slow would give nothing.
  std::vector<CensoredTime> weeks = all_happened({6, 6, 6, 7, 10, 13, 16, 22, 23});
  for (const double censored : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35})
    weeks.push_back({censored, false});
  REQUIRE(weeks.size() == 21);
  CHECK(censored_quantile(weeks, 0.5) == 23);
  // S is 0.857 after week 6, 0.807 after 7, 0.753 after 10 and 0.690 after 13.
  CHECK(censored_quantile(weeks, 0.25) == 13);
  CHECK(censored_quantile(weeks, 0.2) == 10);
}

TEST_CASE("a quantile that cannot be is refused") {
  CHECK_THROWS_AS(censored_quantile(all_happened({1}), 0), std::invalid_argument);
  CHECK_THROWS_AS(censored_quantile(all_happened({1}), 1), std::invalid_argument);
  CHECK_THROWS_AS(censored_quantile(all_happened({std::nan("")}), 0.5), std::invalid_argument);
}

TEST_CASE("the median's interval lies between the runs that a binomial names") {
  const auto& places = soap::reference_statistics().at("censored_median");
  std::vector<double> order;
  for (std::size_t runs = 1; runs <= places.size(); ++runs) {
    order.insert(order.begin(), static_cast<double>(runs));  // descending: what counts is the order of times
    const auto interval = censored_median_interval(all_happened(order));
    const auto& expected = places[runs - 1];
    REQUIRE(interval.has_value() == !expected.is_null());
    if (interval) CHECK(*interval == Interval{expected[0], expected[1]});
  }
  CHECK_FALSE(censored_median_interval({}));
}

TEST_CASE("runs that ended early widen the median's interval") {
  std::vector<CensoredTime> times = all_happened({10, 20, 30, 40, 50, 60, 70});
  times.push_back({100, false});
  // Of 8 runs the interval is from the first to the last, of 9 from the second to the last but one.
  CHECK(censored_median_interval(times) == Interval{10, never});
  times.push_back({never, false});
  CHECK(censored_median_interval(times) == Interval{20, never});
  // One that ended at 5 might have happened right then, or never.
  std::vector<CensoredTime> early = all_happened({10, 20, 30, 40, 50, 60, 70, 80});
  early.push_back({5, false});
  CHECK(censored_median_interval(early) == Interval{10, 80});
  CHECK(censored_median_interval(all_happened({10, 20, 30, 40, 50, 60, 70, 80, 90})) == Interval{20, 80});
  CHECK_THROWS_AS(censored_median_interval(times, 1), std::invalid_argument);
  CHECK_THROWS_AS(censored_median_interval(all_happened({std::nan("")})), std::invalid_argument);
}
