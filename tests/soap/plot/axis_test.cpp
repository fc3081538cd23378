#include "soap/plot/axis.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/infinity.hpp"

using soap::Axis;
using soap::AxisRange;
using soap::AxisScale;
using soap::fit_range;
using soap::ticks;
using test::infinity;

namespace {

std::vector<std::string> labels(const AxisRange& range, int most, double least_step = 0) {
  std::vector<std::string> result;
  for (const auto& tick : ticks(range, most, least_step)) {
    CHECK(tick.position >= -1e-6);
    CHECK(tick.position <= 1 + 1e-6);
    if (!tick.label.empty()) result.push_back(tick.label);
  }
  return result;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("linear ticks step by 1, 2 or 5 times a power of ten") {
  CHECK(labels({AxisScale::linear, 0, 2000}, 5) == Labels{"0", "500", "1,000", "1,500", "2,000"});
  CHECK(labels({AxisScale::linear, 0, 1}, 5) == Labels{"0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(labels({AxisScale::linear, -0.13, 0.13}, 6) == Labels{"−0.10", "−0.05", "0", "0.05", "0.10"});
  CHECK(labels({AxisScale::linear, 0, 3e8}, 3) == Labels{"0", "10⁸", "2·10⁸", "3·10⁸"});
  CHECK(labels({AxisScale::linear, 0, 2e-7}, 4) ==
        Labels{"0", "0.5·10⁻⁷", "1.0·10⁻⁷", "1.5·10⁻⁷", "2.0·10⁻⁷"});
}

TEST_CASE("a short axis has two numbers rather than one") {
  CHECK(labels({AxisScale::linear, -133, 133}, 2) == Labels{"−100", "0", "100"});
}

TEST_CASE("an axis that counts has no ticks between its integers") {
  CHECK(labels({AxisScale::linear, 0, 3}, 10, 1) == Labels{"0", "1", "2", "3"});
}

TEST_CASE("log ticks are powers of ten, with 1-2-5 where less than two of them show") {
  CHECK(labels({AxisScale::log, 1e-3, 20}, 10) == Labels{"0.001", "0.01", "0.1", "1", "10"});
  CHECK(labels({AxisScale::log, 0.1, 3}, 8) == Labels{"0.1", "0.2", "0.5", "1", "2"});
  CHECK(labels({AxisScale::log, 1e-9, 1e-5}, 8) == Labels{"10⁻⁹", "10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵"});
  CHECK(labels({AxisScale::log, 1e-12, 1}, 4) == Labels{"10⁻¹²", "10⁻⁹", "10⁻⁶", "0.001", "1"});
  CHECK(labels({AxisScale::log, 0.31, 0.39}, 4) == Labels{"0.32", "0.34", "0.36", "0.38"});
}

TEST_CASE("a log axis has the eight minor ticks of each decade") {
  CHECK(ticks({AxisScale::log, 1, 1000}, 10).size() == 3 * 9 + 1);
}

TEST_CASE("positions run from 0 to 1, and values without a place have none") {
  const AxisRange log(AxisScale::log, 0.01, 100);
  CHECK(log.position(0.01) == 0);
  CHECK(log.position(1) == doctest::Approx(0.5));
  CHECK(log.value_at(0.75) == doctest::Approx(10));
  CHECK(std::isnan(log.position(0)));
  CHECK(std::isnan(log.position(-1)));
  CHECK(std::isnan(log.position(infinity)));
  const AxisRange linear(AxisScale::linear, -1, 3);
  CHECK(linear.position(0) == 0.25);
  CHECK(std::isnan(linear.position(std::nan(""))));
  CHECK(linear.lowered_to(-0.5).low() == doctest::Approx(-3));
}

TEST_CASE("a range shows the values that have a place, padded where no limit is given") {
  const std::vector<double> values{1, std::nan(""), 5, infinity, 3};
  const AxisRange free = fit_range({}, values, 0.25);
  CHECK(free.low() == 0);
  CHECK(free.high() == 6);
  const AxisRange from_zero = fit_range({.low = 0}, values, 0.2);
  CHECK(from_zero.low() == 0);
  CHECK(from_zero.high() == 6);
  const AxisRange log = fit_range({.scale = AxisScale::log}, std::vector<double>{-1, 0, 1, 100}, 0);
  CHECK(log.low() == doctest::Approx(1));
  CHECK(log.high() == doctest::Approx(100));
}

TEST_CASE("no values, one value and equal values still give a range with a length") {
  for (const AxisScale scale : {AxisScale::linear, AxisScale::log}) {
    for (const std::vector<double>& values :
         {std::vector<double>{}, {0.0}, {3.0}, {-3.0, -3.0}, {1e300, 1e300}, {1e-300}, {-1e300, 1e300}}) {
      for (const Axis& axis :
           {Axis{.scale = scale}, Axis{.scale = scale, .low = 2}, Axis{.scale = scale, .high = 2}}) {
        const AxisRange range = fit_range(axis, values, 0.05);
        CHECK(range.low() < range.high());
        CHECK(std::isfinite(range.position(2)));
        CHECK(ticks(range, 8).size() < 100);
      }
    }
  }
}

TEST_CASE("limits that make no sense are refused") {
  CHECK_THROWS_AS(fit_range({.low = 2, .high = 1}, {}, 0), std::invalid_argument);
  CHECK_THROWS_AS(fit_range({.low = std::nan("")}, {}, 0), std::invalid_argument);
  CHECK_THROWS_AS(fit_range({.scale = AxisScale::log, .low = 0}, {}, 0), std::invalid_argument);
}

TEST_CASE("an axis of names has each at its number") {
  const soap::Axis axis{.low = -0.5, .high = 1.5, .names = {"fa", "bp"}};
  const auto found = soap::ticks(axis, soap::fit_range(axis, {}, 0), 9);
  REQUIRE(found.size() == 2);
  CHECK(found[0].label == "fa");
  CHECK(found[0].position == doctest::Approx(0.25));
  CHECK(found[1].label == "bp");
  CHECK(found[1].position == doctest::Approx(0.75));
}

TEST_CASE("an aside has its name in its middle, and numbers only beyond") {
  const Axis axis{.scale = AxisScale::log, .aside = soap::AxisAside{.until = 100, .name = "none"}};
  std::vector<std::string> found;
  for (const auto& tick : ticks(axis, {AxisScale::log, 1, 1e4}, 8)) {
    if (!tick.label.empty()) found.push_back(tick.label);
    if (tick.label == "none") CHECK(tick.position == doctest::Approx(0.25));
  }
  CHECK(found == Labels{"none", "100", "1,000", "10,000"});
}

TEST_CASE("what lies beside the ends of a log axis is a positive number, however far they are apart") {
  CHECK(soap::beside(1, 100, 1, -0.5) == doctest::Approx(0.1));
  CHECK(soap::beside(1, 1, 1, 0.5) == doctest::Approx(std::sqrt(10)));  // of a decade
  for (const double share : {-0.24, 0.04}) {
    for (const double from : {5e-324, 1e308}) {
      const double place = soap::beside(5e-324, 1e308, from, share);
      CHECK(place > 0);
      CHECK(std::isfinite(place));
    }
  }
}
