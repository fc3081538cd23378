#include "soap/statistics/rate.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using doctest::Approx;

TEST_CASE("bounds of rates are Clopper and Pearson's") {
  for (const auto& figures : soap::reference_statistics().at("rates")) {
    const std::size_t hits = figures.at("hits");
    const std::size_t runs = figures.at("runs");
    CHECK(soap::rate_upper_bound(hits, runs) == Approx(figures.at("bound").get<double>()).epsilon(1e-9));
    const soap::Interval interval = soap::rate_interval(hits, runs);
    CHECK(interval.low == Approx(figures.at("interval")[0].get<double>()).epsilon(1e-9));
    CHECK(interval.high == Approx(figures.at("interval")[1].get<double>()).epsilon(1e-9));
  }
}

TEST_CASE("none of ten runs still allows for a quarter") {
  // 1 - 0.05^(1/10)
  CHECK(soap::rate_upper_bound(0, 10) == Approx(0.2589).epsilon(1e-3));
  CHECK(soap::rate_interval(0, 10).low == 0);
  CHECK(soap::rate_upper_bound(10, 10) == 1);
}

TEST_CASE("a rate that cannot be is refused") {
  CHECK_THROWS_AS(soap::rate_upper_bound(0, 0), std::invalid_argument);
  CHECK_THROWS_AS(soap::rate_interval(3, 2), std::invalid_argument);
  CHECK_THROWS_AS(soap::rate_interval(1, 2, 1), std::invalid_argument);
}
