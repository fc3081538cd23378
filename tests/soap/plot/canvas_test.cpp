#include "soap/plot/canvas.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using soap::Canvas;
using soap::Color;
using soap::color;
using soap::Point;

namespace {

constexpr Color white = color(0xFFFFFF);
constexpr Color black{};

// How much of the pixel is painted black on white.
double ink(const Canvas& canvas, int x, int y) { return 1 - static_cast<double>(canvas.pixel(x, y).red); }

double all_ink(const Canvas& canvas) {
  double sum = 0;
  for (int y = 0; y < canvas.height(); ++y) {
    for (int x = 0; x < canvas.width(); ++x) sum += ink(canvas, x, y);
  }
  return sum;
}

}  // namespace

TEST_CASE("a slanted line has pixels between full and empty and about the ink of its area") {
  Canvas canvas(60, 60, 1, white);
  const std::array<Point, 2> line{Point{10, 10}, Point{50, 37}};
  canvas.cover_line(line, 3);
  canvas.paint(black);
  int between = 0;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x) between += ink(canvas, x, y) > 0.1 && ink(canvas, x, y) < 0.9 ? 1 : 0;
  }
  CHECK(between > 40);
  const double area = 3 * std::hypot(40, 27) + std::acos(-1) * 1.5 * 1.5;  // with its two round ends
  CHECK(all_ink(canvas) == doctest::Approx(area).epsilon(0.03));
  CHECK(ink(canvas, 30, 23) > 0.99);
  CHECK(ink(canvas, 30, 10) == 0);
}

TEST_CASE("a line that crosses itself does not blend twice") {
  Canvas canvas(40, 40, 1, white);
  const std::array<Point, 4> loop{Point{5, 20.5}, Point{35, 20.5}, Point{20.5, 35}, Point{20.5, 5}};
  canvas.cover_line(loop, 4);
  canvas.paint(black, 0.5);
  CHECK(ink(canvas, 20, 20) == doctest::Approx(0.5));
  CHECK(ink(canvas, 10, 20) == doctest::Approx(0.5));
}

TEST_CASE("points along a straight line change nothing") {
  Canvas whole(40, 40, 1, white);
  whole.cover_line(std::array<Point, 2>{Point{5, 5}, Point{35, 20}}, 2.3);
  whole.paint(black);
  Canvas parts(40, 40, 1, white);
  std::vector<Point> points;
  for (int i = 0; i <= 60; ++i) points.push_back({5 + i * 0.5, 5 + i * 0.25});
  parts.cover_line(points, 2.3);
  parts.paint(black);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 40; ++x) CHECK(ink(parts, x, y) == doctest::Approx(ink(whole, x, y)));
  }
}

TEST_CASE("a line thinner than a pixel is paler, not thinner") {
  Canvas canvas(20, 20, 1, white);
  const std::array<Point, 2> line{Point{-5, 10.5}, Point{25, 10.5}};
  canvas.cover_line(line, 0.25);
  canvas.paint(black);
  CHECK(ink(canvas, 10, 10) == doctest::Approx(0.25));
  CHECK(ink(canvas, 10, 9) == 0);
}

TEST_CASE("lengths are in units of the scale") {
  Canvas canvas(20, 10, 2, white);
  CHECK(canvas.width() == 40);
  CHECK(canvas.height() == 20);
  canvas.cover({5, 2, 7.25, 4});
  canvas.paint(black);
  CHECK(ink(canvas, 9, 5) == 0);
  CHECK(ink(canvas, 10, 5) == 1);
  CHECK(ink(canvas, 14, 5) == doctest::Approx(0.5));
  CHECK(all_ink(canvas) == doctest::Approx(4.5 * 4));
}

TEST_CASE("a disk has the ink of its area") {
  Canvas canvas(30, 30, 1, white);
  canvas.cover_disk({15.3, 14.8}, 8);
  canvas.paint(black);
  CHECK(all_ink(canvas) == doctest::Approx(std::acos(-1) * 64).epsilon(0.01));
}

TEST_CASE("a band covers exactly what lies between its edges") {
  Canvas canvas(40, 40, 1, white);
  const std::array<double, 3> x{5, 20, 35};
  const std::array<double, 3> high{10, 15, 10};
  const std::array<double, 3> low{20, 30, 20};
  canvas.cover_band(x, low, high);
  canvas.paint(black);
  for (int column = 0; column < 40; ++column) {
    const double t = 1 - std::abs(column + 0.5 - 20) / 15;  // 0 at the ends, 1 in the middle
    for (int row = 0; row < 40; ++row) {
      const double middle = row + 0.5;
      if (column < 5 || column >= 35 || middle < 10 + 5 * t - 1 || middle > 20 + 10 * t + 1) {
        CHECK(ink(canvas, column, row) == 0);
      } else if (middle > 10 + 5 * t + 1 && middle < 20 + 10 * t - 1) {
        CHECK(ink(canvas, column, row) == doctest::Approx(1));
      }
    }
  }
  CHECK(all_ink(canvas) == doctest::Approx(30 * 12.5).epsilon(0.001));
}

TEST_CASE("a dashed line has the ink of its dashes, also where most of it lies outside") {
  const std::array<double, 2> dashes{6, 4};
  const auto dashed = [&](Point from, Point to) {
    Canvas canvas(100, 20, 1, white);
    const std::array<Point, 2> line{from, to};
    canvas.cover_dashed_line(line, 3, dashes);
    canvas.paint(black);
    return all_ink(canvas);
  };
  // Ten dashes of 6, each with two round ends.
  const double expected = 10 * (3 * 6 + std::acos(-1) * 1.5 * 1.5);
  CHECK(dashed({0, 10.5}, {100, 10.5}) == doctest::Approx(expected).epsilon(0.04));
  CHECK(dashed({-1e9, 10.5}, {1e9, 10.5}) == doctest::Approx(expected).epsilon(0.04));
  CHECK(dashed({0, 1e9}, {100, 1e9}) == 0);
}

TEST_CASE("dashes run on around corners") {
  Canvas canvas(40, 40, 1, white);
  const std::array<Point, 3> corner{Point{5, 10.5}, Point{20.5, 10.5}, Point{20.5, 30}};
  const std::array<double, 2> dashes{20, 5};  // the first dash ends 4.5 below the corner
  canvas.cover_dashed_line(corner, 1, dashes);
  canvas.paint(black);
  CHECK(ink(canvas, 20, 13) > 0.9);
  CHECK(ink(canvas, 20, 17) == 0);
  CHECK(ink(canvas, 20, 22) > 0.9);
}

TEST_CASE("nothing is painted outside of the clip area") {
  Canvas canvas(20, 20, 1, white);
  canvas.clip_to({5, 5, 15, 15});
  canvas.cover({0, 0, 20, 20});
  canvas.cover_disk({5, 5}, 4);
  canvas.paint(black);
  CHECK(all_ink(canvas) == 100);
  canvas.clip_to_all();
  canvas.cover({0, 0, 5, 5});
  canvas.paint(black);
  CHECK(all_ink(canvas) == 125);
}

TEST_CASE("an image has the bytes of the colors") {
  Canvas canvas(2, 1, 1, color(0x0072B2));
  canvas.cover({1, 0, 2, 1});
  canvas.paint(white);
  CHECK(canvas.image().rgb == std::vector<std::uint8_t>{0x00, 0x72, 0xB2, 0xFF, 0xFF, 0xFF});
}

TEST_CASE("pictures without pixels, or with too many, are refused") {
  CHECK_THROWS_AS(Canvas(0, 10, 1, white), std::invalid_argument);
  CHECK_THROWS_AS(Canvas(10, 10, std::nan(""), white), std::invalid_argument);
  CHECK_THROWS_AS(Canvas(1e6, 10, 1, white), std::invalid_argument);
}
