#include "soap/plot/forest.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/plot/chart_layout.hpp"

using soap::Chart;
using soap::Color;
using soap::color;
using soap::forest_chart;
using soap::ForestRow;
using soap::Image;
using soap::Point;

namespace {

constexpr Color red = color(0xFF0000);
constexpr Color blue = color(0x0000FF);

const std::vector<ForestRow> rows = {
    {.label = "above", .mean = 3, .low = 2, .high = 5, .values = {1, 4, 4}, .color = red},
    {.label = "below", .mean = 1, .color = blue}};

Color pixel(const Image& image, Point at) {
  const auto byte =
      static_cast<std::size_t>(3 * (static_cast<int>(at.y) * image.width + static_cast<int>(at.x)));
  const auto part = [&](std::size_t i) { return static_cast<float>(image.rgb[byte + i]) / 255; };
  return {part(0), part(1), part(2)};
}

}  // namespace

TEST_CASE("a forest's rows run from the top down, with mean, interval and the values under it") {
  const Chart chart = forest_chart(rows);
  CHECK(chart.y.names == std::vector<std::string>{"below", "above"});
  REQUIRE(chart.series.size() == 6);
  CHECK(chart.series[0].x == std::vector<double>{1, 4, 4});
  CHECK(chart.series[0].y[0] < 1);
  CHECK(chart.series[1].x == std::vector<double>{2, 5});
  CHECK(chart.series[1].y == std::vector<double>{1, 1});
  CHECK(chart.series[2].x == std::vector<double>{3});

  const auto image = soap::render({.charts = {chart}, .width = 400, .height = 300, .scale = 1});
  const auto area = soap::lay_out(chart, {0, 0, 400, 300}, 0).area;
  CHECK(pixel(image, area.place(3, 1)) == red);
  CHECK(pixel(image, area.place(4.5, 1)) == red);
  CHECK(pixel(image, area.place(1, 0)) == blue);
  CHECK_FALSE(pixel(image, area.place(1.3, 0)) == blue);  // it has no interval
}

TEST_CASE("a forest has a dashed line where it is asked to, and may have no rows") {
  const Chart chart = forest_chart(rows, 2.0);
  REQUIRE(chart.series.size() == 7);
  CHECK(chart.series.back().x == std::vector<double>{2, 2});
  CHECK(chart.series.back().style == soap::SeriesStyle::dashes);
  CHECK_NOTHROW(soap::render({.charts = {forest_chart({})}}));
  CHECK_NOTHROW(soap::render({.charts = {forest_chart({{.label = "nothing"}})}}));
}
