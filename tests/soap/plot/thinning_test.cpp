#include "soap/plot/thinning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using soap::Series;
using soap::thinned;

namespace {

// Noise without a pattern.
Series noise(std::size_t points) {
  Series curve;
  for (std::size_t i = 0; i < points; ++i) {
    curve.x.push_back(static_cast<double>(i));
    curve.y.push_back(std::sin(static_cast<double>(i * i)));
  }
  return curve;
}

}  // namespace

TEST_CASE("a curve that a picture can show is left as it is") {
  const Series curve = noise(500);
  const Series same = thinned(curve, 100);
  CHECK(same.x == curve.x);
  CHECK(same.y == curve.y);
  CHECK(thinned({}, 100).x.empty());
}

TEST_CASE("a long curve keeps its ends and, in each column, its extremes") {
  Series curve = noise(100'000);
  curve.y[31'234] = 7;
  curve.y[77'777] = -5;
  const Series few = thinned(curve, 100);
  CHECK(few.x.size() > 200);
  CHECK(few.x.size() <= 5 * 101);
  CHECK(few.x.size() == few.y.size());
  CHECK(std::is_sorted(few.x.begin(), few.x.end()));
  CHECK(std::adjacent_find(few.x.begin(), few.x.end()) == few.x.end());
  CHECK(few.x.front() == 0);
  CHECK(few.x.back() == 99'999);
  for (std::size_t i = 0; i < few.x.size(); ++i)
    REQUIRE(few.y[i] == curve.y[static_cast<std::size_t>(few.x[i])]);
  const auto extremes = [](const Series& of, double from, double to) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::size_t i = 0; i < of.x.size(); ++i) {
      if (of.x[i] < from || of.x[i] >= to) continue;
      low = std::min(low, of.y[i]);
      high = std::max(high, of.y[i]);
    }
    return std::pair(low, high);
  };
  const double width = 99'999.0 / 100;
  for (int column = 0; column < 100; ++column) {
    const double from = column * width;
    CHECK(extremes(few, from, from + width) == extremes(curve, from, from + width));
  }
}

TEST_CASE("the band of a long line keeps its extremes, and its edges stay those of the line's points") {
  Series line = noise(100'000);
  for (const double y : line.y) {
    line.band_low.push_back(y - 1);
    line.band_high.push_back(y + 1);
  }
  line.band_low[31'234] = -9;
  line.band_high[77'777] = 9;
  const Series few = thinned(line, 100);
  CHECK(few.x.size() <= 7 * 101);
  REQUIRE(few.band_low.size() == few.x.size());
  REQUIRE(few.band_high.size() == few.x.size());
  CHECK(std::count(few.x.begin(), few.x.end(), 31'234) == 1);
  CHECK(std::count(few.x.begin(), few.x.end(), 77'777) == 1);
  for (std::size_t i = 0; i < few.x.size(); ++i) {
    const auto place = static_cast<std::size_t>(few.x[i]);
    REQUIRE(few.band_low[i] == line.band_low[place]);
    REQUIRE(few.band_high[i] == line.band_high[place]);
  }
}

TEST_CASE("a gap in a long curve stays, wherever it is") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinite = std::numeric_limits<double>::infinity();
  for (const double broken : {nan, infinite, -infinite}) {
    for (const std::size_t place : {0, 500, 505, 9999}) {
      CAPTURE(place);
      Series curve = noise(10'000);
      curve.y[place] = broken;
      const Series few = thinned(curve, 20);
      const auto found = std::find(few.x.begin(), few.x.end(), static_cast<double>(place));
      REQUIRE(found != few.x.end());
      CHECK(!std::isfinite(few.y[static_cast<std::size_t>(found - few.x.begin())]));
      CHECK(std::count_if(few.y.begin(), few.y.end(), [](double y) { return std::isfinite(y); }) > 60);
    }
  }
}
