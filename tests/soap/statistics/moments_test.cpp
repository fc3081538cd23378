#include "soap/statistics/moments.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using soap::mean_and_deviation;

TEST_CASE("mean and standard deviation of a sample, with n - 1") {
  const auto several = mean_and_deviation(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
  CHECK(several.mean == 5);
  CHECK(several.deviation == doctest::Approx(std::sqrt(32.0 / 7)));
  const auto one = mean_and_deviation(std::vector<double>{0.5});
  CHECK(one.mean == 0.5);
  CHECK(one.deviation == 0);
  // Small differences of large values are not lost.
  const auto near = mean_and_deviation(std::vector<double>{1e9 + 1, 1e9 + 2, 1e9 + 3});
  CHECK(near.mean == 1e9 + 2);
  CHECK(near.deviation == 1);
  CHECK_THROWS_AS(mean_and_deviation({}), std::invalid_argument);
}

TEST_CASE("the interquartile mean is scipy's trimmed mean") {
  for (const auto& figures : soap::reference_statistics().at("means").at("interquartile")) {
    const auto values = figures.at("values").get<std::vector<double>>();
    CHECK(soap::interquartile_mean(values) == doctest::Approx(figures.at("interquartile").get<double>()));
  }
  // One that diverged counts for nothing.
  CHECK(soap::interquartile_mean(std::vector<double>{0.9, 0.1, 0.9, 0.9, 0.9}) == doctest::Approx(0.9));
  CHECK_THROWS_AS(soap::interquartile_mean({}), std::invalid_argument);
}
