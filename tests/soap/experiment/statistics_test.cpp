#include "soap/experiment/statistics.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

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
