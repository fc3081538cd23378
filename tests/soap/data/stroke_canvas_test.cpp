#include "soap/data/stroke_canvas.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using soap::StrokeCanvas;

namespace {

constexpr int side = StrokeCanvas::side;

struct Image {
  explicit Image(const StrokeCanvas& canvas, float ink = 200, float softness = 1) : pixels(side * side) {
    canvas.render(ink, softness, pixels);
  }
  [[nodiscard]] int at(int row, int column) const {
    return pixels.at(static_cast<std::size_t>(row * side + column));
  }
  std::vector<std::uint8_t> pixels;
};

}  // namespace

TEST_CASE("a line is full within its radius, half at its edge, nothing beyond, with round ends") {
  StrokeCanvas canvas(2);
  canvas.draw_line({8, 10}, {18, 10}, 1);
  const Image image(canvas);
  for (int column = 8; column <= 18; ++column) {
    CHECK(image.at(10, column) == 200);
    CHECK(image.at(9, column) == 200);
    CHECK(image.at(8, column) == 100);
    CHECK(image.at(12, column) == 100);
    CHECK(image.at(7, column) == 0);
    CHECK(image.at(13, column) == 0);
  }
  CHECK(image.at(10, 20) == 100);
  CHECK(image.at(10, 21) == 0);
  CHECK(image.at(12, 20) == 0);
}

TEST_CASE("thickness multiplies the radius, and a soft edge is wider than a sharp one") {
  StrokeCanvas canvas(1);
  canvas.draw_line({14, 5}, {14, 20}, 2);
  CHECK(Image(canvas).at(12, 16) == 100);
  CHECK(Image(canvas).at(12, 15) == 200);
  CHECK(Image(canvas, 200, 2.5F).at(12, 15) < 200);
  CHECK(Image(canvas, 200, 2.5F).at(12, 17) > 0);
}

TEST_CASE("crossing lines keep the darker of the two, a point is a disk") {
  StrokeCanvas canvas(1);
  canvas.draw_line({4, 14}, {24, 14}, 1);
  canvas.draw_line({14, 4}, {14, 24}, 1);
  canvas.draw_line({5, 5}, {5, 5}, 1);
  const Image image(canvas);
  CHECK(image.at(14, 14) == 200);
  CHECK(image.at(14, 13) == 200);
  CHECK(image.at(5, 5) == 200);
  CHECK(image.at(5, 6) == 100);
  CHECK(image.at(6, 6) < 100);
}

TEST_CASE("lines that leave the canvas are clipped") {
  StrokeCanvas canvas(1.5F);
  canvas.draw_line({-1e6F, 3}, {1e6F, 3}, 1);
  canvas.draw_line({-50, -50}, {-40, -60}, 1);
  canvas.draw_line({90, 100}, {80, 120}, 1);
  const Image image(canvas);
  for (int column = 0; column < side; ++column) {
    CHECK(image.at(3, column) == 200);
    CHECK(image.at(0, column) == 0);
    CHECK(image.at(27, column) == 0);
  }
}

TEST_CASE("an erased disk is empty and its surroundings stay") {
  StrokeCanvas canvas(1);
  canvas.draw_line({2, 14}, {26, 14}, 1);
  canvas.erase_disk({14, 14}, 2.5F);
  const Image image(canvas);
  for (int column = 2; column <= 26; ++column) {
    CHECK(image.at(14, column) == (column >= 12 && column <= 16 ? 0 : 200));
  }
}

TEST_CASE("an image of another size and an edge that no line is drawn for are refused") {
  const StrokeCanvas canvas(1);
  std::vector<std::uint8_t> pixels(side * side);
  CHECK_NOTHROW(canvas.render(200, 1, pixels));
  CHECK_THROWS_WITH_AS(canvas.render(200, 1, std::span(pixels).first(10)),
                       "stroke canvas: found room for 10 pixels, expected 784", std::invalid_argument);
  for (const float softness : {0.0F, -1.0F, 100.0F, std::numeric_limits<float>::quiet_NaN()}) {
    CAPTURE(softness);
    CHECK_THROWS_AS(canvas.render(200, softness, pixels), std::invalid_argument);
  }
}
