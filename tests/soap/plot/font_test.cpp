#include "soap/plot/font.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using soap::Align;
using soap::Canvas;
using soap::capital_height;
using soap::color;
using soap::Direction;
using soap::draw_text;
using soap::text_width;
using soap::wrap_text;

namespace {

struct Bounds {
  int left = 1000, top = 1000, right = 0, bottom = 0;
};

Bounds bounds_of_ink(const Canvas& canvas) {
  Bounds bounds;
  for (int y = 0; y < canvas.height(); ++y) {
    for (int x = 0; x < canvas.width(); ++x) {
      if (canvas.pixel(x, y).red > 0.9F) continue;
      bounds.left = std::min(bounds.left, x);
      bounds.top = std::min(bounds.top, y);
      bounds.right = std::max(bounds.right, x + 1);
      bounds.bottom = std::max(bounds.bottom, y + 1);
    }
  }
  return bounds;
}

}  // namespace

TEST_CASE("the width of a text grows with its size and its letters") {
  CHECK(text_width("", 13) == 0);
  CHECK(text_width("HH", 13) == doctest::Approx(2 * text_width("H", 13)));
  CHECK(text_width("H", 26) == doctest::Approx(2 * text_width("H", 13)));
  CHECK(text_width("i", 13) < text_width("m", 13));
}

TEST_CASE("UTF-8 is one glyph a character, and bytes that are not UTF-8 show as replacement characters") {
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(text_width("±", 13) < text_width("mm", 13));
  CHECK(text_width("±°µ→", 13) == doctest::Approx(text_width("±", 13) + text_width("°", 13) +
                                                  text_width("µ", 13) + text_width("→", 13)));
  CHECK(text_width("\xFF", 13) == text_width(replacement, 13));
  CHECK(text_width("\xC2", 13) == text_width(replacement, 13));         // cut short
  CHECK(text_width("\xC2H", 13) == text_width(replacement + "H", 13));  // a continuation byte missing
}

TEST_CASE("text stands on its baseline, as wide and as high as measured") {
  Canvas canvas(200, 60, 1, color(0xFFFFFF));
  draw_text(canvas, "HHHH", {50, 40}, {.size = 20});
  const Bounds bounds = bounds_of_ink(canvas);
  CHECK(bounds.bottom == 40);
  CHECK(bounds.top == doctest::Approx(40 - capital_height(20)).epsilon(0.05));
  CHECK(bounds.left >= 50);
  CHECK(bounds.right <= 50 + text_width("HHHH", 20));
  CHECK(bounds.right > 45 + text_width("HHHH", 20));
}

TEST_CASE("text is aligned along the direction of writing") {
  const auto bounds = [](Align align, Direction direction) {
    Canvas canvas(200, 200, 1, color(0xFFFFFF));
    draw_text(canvas, "HHHH", {100, 100}, {.size = 20, .align = align, .direction = direction});
    return bounds_of_ink(canvas);
  };
  CHECK(bounds(Align::right, Direction::rightwards).right <= 100);
  const Bounds center = bounds(Align::center, Direction::rightwards);
  CHECK(center.left + center.right == doctest::Approx(200).epsilon(0.01));
  const Bounds up = bounds(Align::left, Direction::upwards);
  CHECK(up.bottom <= 100);
  CHECK(up.top < 60);
  CHECK(up.right == 100);  // the baseline
  CHECK(up.left < 90);
}

TEST_CASE("letters have soft edges") {
  Canvas canvas(60, 60, 1, color(0xFFFFFF));
  draw_text(canvas, "O", {10, 50}, {.size = 40});
  int between = 0;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x) {
      between += canvas.pixel(x, y).red > 0.2F && canvas.pixel(x, y).red < 0.8F ? 1 : 0;
    }
  }
  CHECK(between > 20);
}

TEST_CASE("long texts are wrapped at spaces, and within words where there are none") {
  CHECK(wrap_text("", 13, 100).empty());
  CHECK(wrap_text("short", 13, 100) == std::vector<std::string>{"short"});
  CHECK(wrap_text("two words", 13, text_width("two wor", 13)) == std::vector<std::string>{"two", "words"});
  CHECK(wrap_text("no\u00A0break here", 13, text_width("no break he", 13)) ==
        std::vector<std::string>{"no\u00A0break", "here"});
  std::string joined;
  for (const std::string& line : wrap_text("sign:period=6400:scale=norm", 13, 60)) {
    CHECK(text_width(line, 13) <= 60);
    joined += line;
  }
  CHECK(joined == "sign:period=6400:scale=norm");
  CHECK(wrap_text("±±", 13, 1) == std::vector<std::string>{"±", "±"});
}
