#include "soap/plot/diagram.hpp"

#include <cstddef>
#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/plot/palette.hpp"

using soap::Diagram;
using soap::Image;

namespace {

Diagram two_boxes(bool cut) {
  return {
      .panels =
          {{.boxes =
                {{.text = "a", .center = {60, 100}, .width = 40, .height = 40, .color = soap::palette[0]},
                 {.text = "b", .center = {240, 100}, .width = 40, .height = 40, .color = soap::palette[0]}},
            .arrows = {{.from = 0, .to = 1, .color = soap::palette[1], .cut = cut}}}},
      .panel_width = 300,
      .panel_height = 200,
      .scale = 1};
}

bool is_white(const Image& image, int x, int y) {
  const auto at = static_cast<std::size_t>(3 * (y * image.width + x));
  return image.rgb[at] == 255 && image.rgb[at + 1] == 255 && image.rgb[at + 2] == 255;
}

std::size_t inked(const Image& image, int y, int from, int to) {
  std::size_t count = 0;
  for (int x = from; x < to; ++x) count += is_white(image, x, y) ? 0 : 1;
  return count;
}

}  // namespace

TEST_CASE("an arrow runs from border to border, a cut one in dashes with a cross") {
  const Image whole = render(two_boxes(false));
  CHECK(whole.width == 300);
  CHECK_FALSE(is_white(whole, 41, 100));  // the left frame
  CHECK(is_white(whole, 45, 100));        // inside of it
  CHECK(inked(whole, 100, 85, 214) == 129);
  CHECK(is_white(whole, 217, 100));
  CHECK(is_white(whole, 150, 95));
  const Image cut = render(two_boxes(true));
  CHECK(inked(cut, 100, 85, 140) < 53);
  CHECK_FALSE(is_white(cut, 145, 95));
}

TEST_CASE("an arrow needs two boxes") {
  Diagram diagram = two_boxes(false);
  diagram.panels[0].arrows[0].to = 2;
  CHECK_THROWS_AS(render(diagram), std::invalid_argument);
  diagram.panels[0].arrows[0].to = 0;
  CHECK_THROWS_AS(render(diagram), std::invalid_argument);
}
