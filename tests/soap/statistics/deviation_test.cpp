#include "soap/statistics/deviation.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/statistics/distributions.hpp"

using soap::chi_square_above;
using soap::deviation_interval;

// By tests/reference/variance_sources.py, which integrates the density.
TEST_CASE("shares of the chi-square distribution, at odd and even degrees of freedom") {
  CHECK(chi_square_above(3.2, 1) == doctest::Approx(0.073638270).epsilon(1e-7));
  CHECK(chi_square_above(0.5, 2) == doctest::Approx(0.778800783).epsilon(1e-7));
  CHECK(chi_square_above(7.5, 5) == doctest::Approx(0.186029834).epsilon(1e-7));
  CHECK(chi_square_above(18.3, 10) == doctest::Approx(0.050109061).epsilon(1e-7));
  CHECK(chi_square_above(60, 49) == doctest::Approx(0.134864347).epsilon(1e-7));
  CHECK(chi_square_above(0, 3) == 1);
  // Where single terms are beyond all numbers: the median lies near degrees - 2/3.
  CHECK(chi_square_above(9999 - 2.0 / 3, 9999) == doctest::Approx(0.5).epsilon(1e-4));
  CHECK_THROWS_AS((void)chi_square_above(1, 0), std::invalid_argument);
  CHECK_THROWS_AS((void)chi_square_above(-1, 1), std::invalid_argument);
}

TEST_CASE("the interval of a deviation") {
  const auto is = [](int degrees, double low, double high) {
    const soap::Interval interval = deviation_interval(2, degrees);
    CHECK(interval.low == doctest::Approx(2 * low).epsilon(1e-6));
    CHECK(interval.high == doctest::Approx(2 * high).epsilon(1e-6));
  };
  is(1, 0.446149, 31.910159);
  is(9, 0.687835, 1.825610);
  is(10, 0.698717, 1.754934);
  is(30, 0.799112, 1.336673);
  CHECK_THROWS_AS((void)deviation_interval(1, 0), std::invalid_argument);
}
