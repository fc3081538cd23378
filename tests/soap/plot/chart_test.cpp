#include "soap/plot/chart.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/plot/chart_layout.hpp"
#include "soap/plot/font.hpp"
#include "soap/plot/legend.hpp"
#include "soap/plot/palette.hpp"

#include "tests/support/infinity.hpp"

using namespace soap;

using test::infinity;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Image render_one(const Chart& chart) {
  return render({.charts = {chart}, .width = 400, .height = 300, .scale = 1});
}

bool has_color(const Image& image, Color wanted, int from_x, int to_x, int from_y, int to_y) {
  const auto byte = [](float part) { return static_cast<std::uint8_t>(std::lround(part * 255)); };
  for (int y = from_y; y < to_y; ++y) {
    for (int x = from_x; x < to_x; ++x) {
      const auto at = static_cast<std::size_t>(3 * (y * image.width + x));
      if (image.rgb[at] == byte(wanted.red) && image.rgb[at + 1] == byte(wanted.green) &&
          image.rgb[at + 2] == byte(wanted.blue)) {
        return true;
      }
    }
  }
  return false;
}

bool has_color(const Image& image, Color wanted) {
  return has_color(image, wanted, 0, image.width, 0, image.height);
}

const Rectangle cell{0, 0, 400, 300};

}  // namespace

TEST_CASE("a figure has the size in pixels that its units and scale say") {
  const Image image = render({.charts = {}, .width = 90, .height = 50, .scale = 1.5});
  CHECK(image.width == 135);
  CHECK(image.height == 75);
  CHECK(image.rgb == std::vector<std::uint8_t>(135 * 75 * 3, 255));
  CHECK_THROWS_AS(render({.charts = {}, .width = -1}), std::invalid_argument);
}

TEST_CASE("series take the colors of the palette in turn, and their own where they have one") {
  const Chart chart{.series = {{.label = "a", .x = {0, 1}, .y = {0, 1}},
                               {.label = "b", .x = {0, 1}, .y = {1, 2}, .color = color(0xFF00FF)},
                               {.label = "c", .x = {0, 1}, .y = {2, 3}}}};
  const Image image = render_one(chart);
  CHECK(has_color(image, palette[0]));
  CHECK(has_color(image, color(0xFF00FF)));
  CHECK(has_color(image, palette[1]));
  CHECK_FALSE(has_color(image, palette[2]));
}

TEST_CASE("the palette repeats with dashes") {
  CHECK(palette_dashes(6).empty());
  CHECK(palette_dashes(7).size() == 2);
  CHECK(palette_color(7) == palette_color(0));
}

TEST_CASE("a value without a place breaks the line") {
  // A flat line over x = 0 ... 10: half way there is a gap.
  Series series;
  for (int i = 0; i <= 10; ++i) {
    series.x.push_back(i);
    series.y.push_back(1);
  }
  const auto middle_is_drawn = [&](double y) {
    series.y[5] = y;
    const Chart chart{.y = {.scale = AxisScale::log, .low = 0.5, .high = 2}, .series = {series}};
    const PlotArea area = lay_out(chart, cell, 0).area;
    const int x = static_cast<int>(area.place(5, 1).x);
    const int row = static_cast<int>(area.place(5, 1).y);
    return has_color(render_one(chart), palette[0], x - 3, x + 3, row - 3, row + 3);
  };
  CHECK(middle_is_drawn(1));
  CHECK_FALSE(middle_is_drawn(not_a_number));
  CHECK_FALSE(middle_is_drawn(infinity));
  CHECK_FALSE(middle_is_drawn(0));
  CHECK_FALSE(middle_is_drawn(-1));
}

TEST_CASE("a point between two gaps is drawn as a mark") {
  const Chart chart{.series = {{.x = {0, 1, 2}, .y = {not_a_number, 1, not_a_number}}}};
  CHECK(has_color(render_one(chart), palette[0]));
}

TEST_CASE("a band lies between its edges, down to the axis where a log axis cannot show the lower one") {
  Chart chart{
      .y = {.scale = AxisScale::log, .low = 0.1, .high = 10},
      .series = {{.x = {0, 1, 2}, .y = {9, 9, 9}, .band_low = {0.5, 0.5, 0.5}, .band_high = {2, 2, 2}}}};
  const PlotArea area = lay_out(chart, cell, 0).area;
  const auto is_tinted = [&](double y) {
    const Point at = area.place(1.3, y);
    const auto image = render_one(chart);
    const auto pixel =
        static_cast<std::size_t>(3 * (static_cast<int>(at.y) * image.width + static_cast<int>(at.x)));
    return image.rgb[pixel] + 20 < image.rgb[pixel + 2];  // more blue than red
  };
  CHECK(is_tinted(1.05));
  CHECK(is_tinted(1.9));
  CHECK_FALSE(is_tinted(2.2));
  CHECK(is_tinted(0.53));
  CHECK_FALSE(is_tinted(0.45));
  chart.series[0].band_low = {-1, -1, -1};
  CHECK(is_tinted(0.11));
}

TEST_CASE("the margins hold all text") {
  const Chart chart{
      .title = "a title so long that it needs more than one line to be written in full",
      .x = {.label = "x"},
      .y = {.label = "a label of the y axis that is longer than the axis is high"},
      .series = {{.x = {0, 1}, .y = {-123456, 123456}}},
      .note = "a note so long that it needs more than one line, as notes under a chart often do"};
  const ChartLayout layout = lay_out(chart, cell, 0);
  CHECK(layout.title.size() == 2);
  CHECK(layout.note.size() == 2);
  CHECK(layout.y_label.size() > 1);
  for (const auto& line : layout.title) CHECK(text_width(line, title_size) < 400);
  const Rectangle& frame = layout.area.frame;
  double widest = 0;
  for (const Tick& tick : layout.y_ticks) widest = std::max(widest, text_width(tick.label, tick_size));
  CHECK(widest > 0);
  CHECK(frame.left > widest + static_cast<double>(layout.y_label.size()) * label_size * line_spacing + 10);
  for (const Tick& tick : layout.x_ticks) {
    CHECK(frame.left + tick.position * frame.width() + text_width(tick.label, tick_size) / 2 <= 400);
  }
}

TEST_CASE("the labels of crossings do not overlap each other or the data") {
  Chart chart{.series = {{.x = {0, 1000}, .y = {0, 1}}}};
  for (const double x : {500.0, 505.0, 510.0, 990.0}) {
    chart.crossings.push_back({.x = x, .y = 0.5, .label = "some steps", .series = 0});
  }
  const ChartLayout layout = lay_out(chart, cell, 0);
  REQUIRE(layout.crossing_labels.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const Rectangle& a = layout.crossing_labels[i].box;
    CHECK(a.right <= layout.area.frame.right);
    CHECK(a.top >= layout.area.place(0, 0).y);
    for (std::size_t j = 0; j < i; ++j) {
      const Rectangle& b = layout.crossing_labels[j].box;
      CHECK((a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top));
    }
  }
}

TEST_CASE("marks at one point all show") {
  Chart chart{.y = {.low = 0, .high = 1}, .series = {{.x = {0, 100}, .y = {0, 0}}, {}, {}}};
  for (const std::size_t series : {0, 1, 2}) {
    chart.crossings.push_back({.x = 50, .y = 0.5, .label = "", .series = series});
  }
  const Point at = lay_out(chart, cell, 0).area.place(50, 0.5);
  const int x = static_cast<int>(at.x);
  const int y = static_cast<int>(at.y);
  for (const std::size_t series : {0, 1, 2}) {
    CHECK(has_color(render_one(chart), palette[series], x - 12, x + 12, y - 12, y));
  }
}

TEST_CASE("free space is where no data are") {
  const Chart chart{.series = {{.x = {0, 1}, .y = {0, 1}}}};
  const PlotArea area = lay_out(chart, cell, 0).area;
  const Rectangle& frame = area.frame;
  FreeSpace space(chart, area);
  const Rectangle upper_left{frame.left + 10, frame.top + 10, frame.left + 60, frame.top + 60};
  const Rectangle lower_left{frame.left + 10, frame.bottom - 60, frame.left + 60, frame.bottom - 10};
  CHECK(space.used(upper_left) == 0);
  CHECK(space.used(lower_left) > 0);
  space.take(upper_left);
  CHECK(space.used(upper_left) > space.used(lower_left));
}

TEST_CASE("a legend that would cover data goes outside") {
  Chart chart{.series = {{.label = "everywhere", .x = {}, .y = {}}}};
  for (int i = 0; i < 400; ++i) {
    chart.series[0].x.push_back(i);
    chart.series[0].y.push_back(i % 2);
  }
  const Image image = render({.charts = {chart}, .width = 600, .height = 300, .scale = 1});
  CHECK_FALSE(has_color(image, palette[0], 480, 490, 100, 300));  // right of the data, under the legend
  chart.series[0].label = "";
  const Image without = render({.charts = {chart}, .width = 600, .height = 300, .scale = 1});
  CHECK(has_color(without, palette[0], 480, 490, 100, 300));
}

TEST_CASE("charts with little or nothing in them are drawn") {
  for (const AxisScale scale : {AxisScale::linear, AxisScale::log}) {
    const Axis axis{.label = "", .scale = scale};
    const auto draws = [&](const Series& series) {
      CHECK_NOTHROW(render_one({.x = axis, .y = axis, .series = {series}}));
    };
    CHECK_NOTHROW(render_one({.x = axis, .y = axis}));
    draws({});
    draws({.label = "empty"});
    draws({.label = "one", .x = {1}, .y = {1}, .band_low = {1}, .band_high = {2}});
    draws({.label = "equal", .x = {1, 1, 1}, .y = {2, 2, 2}, .band_low = {2, 2, 2}, .band_high = {2, 2, 2}});
    draws({.label = "not one", .x = {not_a_number, infinity}, .y = {1, 1}});
    draws({.label = "large", .x = {-1e308, 1e308}, .y = {1e-308, 1e308}, .style = SeriesStyle::dashes});
    draws({.label = std::string(300, 'm'), .x = {1, 2}, .y = {1, 2}, .style = SeriesStyle::points});
  }
  CHECK_NOTHROW(render({.charts = {{.title = "tiny", .series = {{.label = "a", .x = {1}, .y = {1}}}}},
                        .width = 3,
                        .height = 2,
                        .scale = 1}));
}

TEST_CASE("lines far outside of the limits are cut at the frame") {
  const Chart chart{.y = {.low = 0, .high = 1},
                    .series = {{.x = {0, 1, 2}, .y = {0.5, 1e250, 0.5}, .style = SeriesStyle::dashes}}};
  const Rectangle frame = lay_out(chart, cell, 0).area.frame;
  const Image image = render_one(chart);
  CHECK(has_color(image, palette[0]));
  CHECK_FALSE(has_color(image, palette[0], 0, 400, 0, static_cast<int>(frame.top) - 1));
}

TEST_CASE("charts that do not fit together are refused") {
  CHECK_THROWS_AS(render_one({.series = {{.x = {1, 2}, .y = {1}}}}), std::invalid_argument);
  CHECK_THROWS_AS(render_one({.series = {{.x = {1, 2}, .y = {1, 2}, .band_low = {1, 2}}}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(render_one({.series = {{.x = {1, 2}, .y = {1, 2}, .band_low = {1}, .band_high = {1}}}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(
      render_one({.series = {{.x = {2, 1}, .y = {1, 2}, .band_low = {1, 2}, .band_high = {1, 2}}}}),
      std::invalid_argument);
  CHECK_THROWS_AS(render_one({.crossings = {{.x = 1, .y = 1, .label = "a", .series = 0}}}),
                  std::invalid_argument);
}

TEST_CASE("the charts of a grid stand in rows, over a legend for all of them") {
  const Color blue = palette[0];
  const Chart with_line{.series = {{.x = {0, 1}, .y = {1, 1}}}};
  const Chart empty{.x = {.low = 0, .high = 1}, .y = {.low = 0, .high = 1}};
  Figure figure{.charts = {empty, empty, empty, with_line},
                .arrangement = Arrangement::grid,
                .columns = 2,
                .width = 400,
                .height = 340,
                .scale = 1};
  const Image plain = render(figure);
  CHECK(has_color(plain, blue, 200, 400, 170, 340));
  CHECK(!has_color(plain, blue, 0, 200, 0, 340));
  CHECK(!has_color(plain, blue, 0, 400, 0, 170));

  figure.charts.back() = empty;
  figure.legend = {{.label = "a rule", .color = blue}};
  const Image explained = render(figure);
  CHECK(has_color(explained, blue, 0, 100, 300, 340));
  CHECK(!has_color(explained, blue, 0, 400, 0, 300));
  figure.columns = 0;
  CHECK_THROWS_AS(render(figure), std::invalid_argument);
}

TEST_CASE("a legend with many entries takes several rows, and its note stands under them") {
  const std::vector<Series> few = {{.label = "one"}, {.label = "two"}};
  const std::vector<Series> many(12, {.label = "a rule with a long name"});
  const double one_row = LegendStrip({.series = few}, "", 400).height();
  CHECK(LegendStrip({}, "", 400).height() == 0);
  CHECK(one_row > 0);
  CHECK(LegendStrip({.series = many}, "", 400).height() > 3 * one_row);
  CHECK(LegendStrip({.series = few}, "small print", 400).height() > one_row);
}

TEST_CASE("dots and dashes of a style leave gaps in a line of any color") {
  const auto count_of = [](SeriesStyle style) {
    const Image image =
        render_one({.series = {{.x = {0, 1}, .y = {1, 1}, .style = style, .color = color(0xFF00FF)}}});
    int count = 0;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
      count += image.rgb[i] == 255 && image.rgb[i + 1] == 0 && image.rgb[i + 2] == 255 ? 1 : 0;
    return count;
  };
  CHECK(count_of(SeriesStyle::dash_dots) < count_of(SeriesStyle::line));
  CHECK(count_of(SeriesStyle::dots) < count_of(SeriesStyle::dash_dots));
  CHECK(count_of(SeriesStyle::dashes) < count_of(SeriesStyle::line));
}

TEST_CASE("crosses lie over lines, and a line may have a disk at each of its points") {
  const Color cyan = color(0x00FFFF);
  Chart chart{.x = {.low = 0, .high = 4},
              .series = {{.x = {0, 2, 4}, .y = {1, 1, 1}},
                         {.x = {2}, .y = {1}, .style = SeriesStyle::crosses, .color = cyan}}};
  const Point at = lay_out(chart, cell, 0).area.place(2, 1);
  const int x = static_cast<int>(at.x);
  const int y = static_cast<int>(at.y);
  CHECK(has_color(render_one(chart), cyan, x - 2, x + 2, y - 2, y + 2));
  chart.series.pop_back();
  const auto ink_above_the_line = [&] {
    return has_color(render_one(chart), palette[0], x - 2, x + 2, y - 4, y - 2);
  };
  CHECK_FALSE(ink_above_the_line());
  chart.series[0].marks = true;
  chart.series[0].mark_radius = 5;
  CHECK(ink_above_the_line());
}

TEST_CASE("marks are not cut at the frame") {
  Chart chart{.series = {{.x = {0, 1}, .y = {1, 1}}}};
  CHECK(lay_out(chart, cell, 0).area.x.high() == 1);
  chart.series[0].marks = true;
  CHECK(lay_out(chart, cell, 0).area.x.high() > 1);
}

TEST_CASE("the labels of points stand beside them, each at a place of its own") {
  const Color magenta = color(0xFF00FF);
  const Color cyan = color(0x00FFFF);
  Chart chart{.x = {.low = 0, .high = 2},
              .y = {.low = 0, .high = 2},
              .series = {{.x = {1}, .y = {1}}},
              .labels = {{.x = 1, .y = 1, .text = "██", .color = magenta},
                         {.x = 1, .y = 1, .text = "██", .color = cyan}}};
  const Point at = lay_out(chart, cell, 0).area.place(1, 1);
  const int x = static_cast<int>(at.x);
  const int y = static_cast<int>(at.y);
  const Image image = render_one(chart);
  CHECK(has_color(image, magenta, x + 3, x + 30, y - 8, y + 8));
  CHECK(has_color(image, cyan, x - 30, x - 3, y - 8, y + 8));
  chart.labels = {{.x = 3, .y = 1, .text = "██", .color = magenta}};
  CHECK_FALSE(has_color(render_one(chart), magenta));
}

TEST_CASE("an aside is shaded and has a name in place of numbers") {
  const Chart chart{
      .x = {.scale = AxisScale::log, .low = 1, .high = 1e5, .aside = AxisAside{.until = 10, .name = "none"}},
      .series = {{.x = {1, 10}, .y = {1, 1}}, {.x = {20, 1e5}, .y = {1, 2}}}};
  const ChartLayout layout = lay_out(chart, cell, 0);
  REQUIRE(layout.x_ticks.front().label == "none");
  CHECK(layout.x_ticks.front().position == doctest::Approx(0.1));
  double end =
      layout.x_ticks.front().position * layout.area.frame.width() + text_width("none", tick_size) / 2;
  for (std::size_t i = 1; i < layout.x_ticks.size(); ++i) {
    const Tick& tick = layout.x_ticks[i];
    if (tick.label.empty()) continue;
    const double center = tick.position * layout.area.frame.width();
    CHECK(center - text_width(tick.label, tick_size) / 2 > end);
    end = center + text_width(tick.label, tick_size) / 2;
  }
  const Rectangle& frame = layout.area.frame;
  const int top = static_cast<int>(frame.top) + 3;
  const auto shaded = [&](double x_value) {
    const int x = static_cast<int>(layout.area.place(x_value, 1).x);
    return has_color(render_one(chart), color(0xF3F3F3), x - 1, x + 1, top, top + 2);
  };
  CHECK(shaded(2));
  CHECK_FALSE(shaded(40));
}

TEST_CASE("long names of an upright axis are wrapped and leave room for the data") {
  const Chart chart{.y = {.low = -0.5, .high = 1.5, .names = {std::string(80, 'n'), "short"}},
                    .series = {{.x = {0, 1}, .y = {0, 1}, .style = SeriesStyle::points}}};
  const ChartLayout layout = lay_out(chart, cell, 0);
  CHECK(tick_lines(layout.y_ticks[0]).size() > 2);
  CHECK(tick_lines(layout.y_ticks[1]).size() == 1);
  CHECK(layout.area.frame.width() > 180);
}

TEST_CASE("lines dropped to one place share its dots") {
  Chart chart{.y = {.low = 0, .high = 1}, .series = {{.x = {0, 100}, .y = {0, 0}}, {}, {}}};
  for (const std::size_t series : {1, 2})
    chart.crossings.push_back({.x = 50, .y = 0.9, .label = "", .series = series});
  const Point at = lay_out(chart, cell, 0).area.place(50, 0.5);
  const int x = static_cast<int>(at.x);
  const int y = static_cast<int>(at.y);
  const Image image = render({.charts = {chart}, .width = 400, .height = 300, .scale = 4});
  for (const std::size_t series : {1, 2})
    CHECK(has_color(image, palette[series], 4 * x - 8, 4 * x + 8, 4 * y - 20, 4 * y + 20));
}

TEST_CASE("a legend of many entries stands below the chart, which gets no smaller, and none is lost") {
  constexpr std::size_t count = 40;
  soap::Chart chart{.x = {.low = 0, .high = 1}, .y = {.low = 0, .high = 1}};
  for (std::size_t i = 0; i < count; ++i)
    chart.series.push_back({.label = "method " + std::to_string(i), .color = palette[0]});
  Figure figure{.charts = {chart}, .scale = 1};
  const soap::Image image = soap::render(figure);
  CHECK(image.height > static_cast<int>(figure.height));
  // Of each entry a sample of its color: rows of samples times samples in a row.
  chart.series.back().color = soap::color(0x00FF00);
  figure.charts = {chart};
  CHECK(has_color(soap::render(figure), soap::color(0x00FF00)));
  // Few entries leave the size as it is.
  chart.series.resize(10);
  figure.charts = {chart};
  CHECK(soap::render(figure).height == static_cast<int>(figure.height));
}

TEST_CASE("a zero on a log axis is a mark at the floor, and the note says what it means") {
  const soap::Color cyan = soap::color(0x00FFFF);
  soap::Chart chart{
      .y = {.scale = soap::AxisScale::log},
      .series = {{.x = {0, 1, 2}, .y = {1, 0, 10}, .style = SeriesStyle::points, .color = cyan}}};
  const soap::ChartLayout layout = soap::lay_out(chart, {0, 0, 400, 300}, 0);
  REQUIRE(layout.note.size() == 1);
  CHECK(layout.note[0] == "Triangles at the bottom: 0, which has no place on a log axis.");
  const Figure figure{.charts = {chart}, .width = 400, .height = 300, .scale = 1};
  const auto& frame = layout.area.frame;
  const int x = static_cast<int>((frame.left + frame.right) / 2);
  const int floor = static_cast<int>(frame.bottom);
  CHECK(has_color(soap::render(figure), cyan, x - 4, x + 4, floor - 9, floor));
  chart.series[0].y[1] = 5;
  CHECK(soap::lay_out(chart, {0, 0, 400, 300}, 0).note.empty());
}
