#include "soap/plot/plot_area.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "soap/plot/palette.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr Color reference_color = color(0x666666);
constexpr double line_width = 2;
constexpr double cross_arm = 3.2;
constexpr double ring_width = 1.4;   // of a hollow mark
constexpr double ring_radius = 2.6;  // within which two crossings are at one point
constexpr std::array<double, 2> reference_dashes{5, 4};
constexpr double drop_dot = 0.1;
constexpr double drop_period = 3.1;

// Series with a color of their own take none from the palette.
std::size_t palette_position(const Chart& chart, std::size_t series) {
  const auto begin = chart.series.begin();
  return static_cast<std::size_t>(std::count_if(begin, begin + static_cast<std::ptrdiff_t>(series),
                                                [](const Series& before) { return !before.color; }));
}

bool is_finite(Point point) { return std::isfinite(point.x) && std::isfinite(point.y); }

std::span<const double> style_dashes(SeriesStyle style) {
  switch (style) {
    case SeriesStyle::dashes:
      return long_dashes;
    case SeriesStyle::dots:
      return dots;
    case SeriesStyle::dash_dots:
      return dash_dots;
    default:
      return {};
  }
}

void draw_band(Canvas& canvas, const Series& series, Color color, const PlotArea& area) {
  std::vector<double> x;
  std::vector<double> low;
  std::vector<double> high;
  const auto draw = [&] {
    canvas.cover_band(x, low, high);
    x.clear();
    low.clear();
    high.clear();
  };
  for (std::size_t i = 0; i < series.band_low.size(); ++i) {
    const Point top = area.place(series.x[i], series.band_high[i]);
    if (!is_finite(top) || std::isnan(series.band_low[i])) {
      draw();
      continue;
    }
    const double bottom = area.place(series.x[i], series.band_low[i]).y;
    x.push_back(top.x);
    high.push_back(top.y);
    // A lower edge that a log axis cannot show lies below the picture.
    low.push_back(std::isfinite(bottom) ? bottom : area.frame.bottom + 1);
  }
  draw();
  canvas.paint(color, 0.2);
}

void cover_cross(Canvas& canvas, Point at) {
  for (const double side : {-cross_arm, cross_arm}) {
    const std::array<Point, 2> stroke{Point{at.x - side, at.y - cross_arm},
                                      Point{at.x + side, at.y + cross_arm}};
    canvas.cover_line(stroke, 1.8);
  }
}

// A shape of the width of a disk of that radius, or a bit more, so that all look alike in size.
void cover_mark(Canvas& canvas, MarkShape shape, Point at, double radius) {
  const double side = 1.15 * radius;
  const std::array<double, 3> x{at.x - side, at.x, at.x + side};
  switch (shape) {
    case MarkShape::disk:
      canvas.cover_disk(at, radius);
      return;
    case MarkShape::square:
      canvas.cover({at.x - 0.9 * radius, at.y - 0.9 * radius, at.x + 0.9 * radius, at.y + 0.9 * radius});
      return;
    case MarkShape::triangle: {
      const double foot = at.y + 0.8 * side;
      canvas.cover_band(x, std::array{foot, foot, foot}, std::array{foot, at.y - side, foot});
      return;
    }
    case MarkShape::diamond:
      canvas.cover_band(x, std::array{at.y, at.y + side, at.y}, std::array{at.y, at.y - side, at.y});
      return;
  }
}

// How a series is marked: its own way, or that of its round of colors.
struct Marks {
  bool shown = false;
  MarkShape shape = MarkShape::disk;
  double radius = 0;
  std::size_t most = 0;  // 0: all
};

Marks marks_of(const Chart& chart, std::size_t position) {
  const Series& series = chart.series[position];
  Marks marks{.shown = series.marks || series.style == SeriesStyle::points,
              .shape = series.shape,
              .radius = series.mark_radius,
              .most = series.most_marks};
  if (series.color) return marks;
  const std::size_t round = palette_round(palette_position(chart, position));
  if (series.style == SeriesStyle::points) {
    if (round > 0) marks.shape = round_shape(round);
  } else if (round >= dash_rounds) {
    marks.shape = round_shape(round / dash_rounds);
    if (!marks.shown) marks.most = few_marks;
    marks.shown = true;
    marks.radius = std::max(marks.radius, telling_radius);
  }
  return marks;
}

void cover_marks(Canvas& canvas, const Marks& marks, double radius, std::span<const Point> points) {
  const std::size_t stride = marks.most == 0 ? 1 : (points.size() + marks.most - 1) / marks.most;
  for (std::size_t i = stride / 2; i < points.size(); i += stride)
    cover_mark(canvas, marks.shape, points[i], radius);
}

// A line through the points, or one mark each; without its color.
void cover_series(Canvas& canvas, const Chart& chart, std::size_t position, std::span<const Point> points) {
  const Series& series = chart.series[position];
  if (series.style == SeriesStyle::crosses) {
    for (const Point point : points) cover_cross(canvas, point);
    return;
  }
  const bool only_marks = series.style == SeriesStyle::points;
  // One point alone would make a line without a length.
  const Marks marks = marks_of(chart, position);
  if (marks.shown || points.size() == 1) cover_marks(canvas, marks, marks.radius, points);
  if (only_marks || points.size() == 1) return;
  std::span<const double> dashes =
      series.color ? std::span<const double>{} : palette_dashes(palette_position(chart, position));
  if (dashes.empty()) dashes = style_dashes(series.style);
  if (dashes.empty()) {
    canvas.cover_line(points, line_width);
  } else {
    canvas.cover_dashed_line(points, line_width, dashes);
  }
}

void draw_series(Canvas& canvas, const Chart& chart, std::size_t position, const PlotArea& area) {
  const Series& series = chart.series[position];
  std::vector<Point> points;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const Point point = area.place(series.x[i], series.y[i]);
    if (is_finite(point)) {
      points.push_back(point);
    } else {
      paint_series(canvas, chart, position, points);
      points.clear();
    }
  }
  paint_series(canvas, chart, position, points);
}

constexpr double floor_mark = 4.5;       // half the width of a triangle for 0
constexpr double floor_mark_apart = 10;  // at least, from one to the next

// A 0 below the log axis: a triangle on its foot.
void draw_zeros(Canvas& canvas, const Chart& chart, std::size_t position, const PlotArea& area) {
  const Series& series = chart.series[position];
  if (!shows_zeros(chart, series)) return;
  double last = -1e9;
  for (std::size_t i = 0; i < series.y.size(); ++i) {
    const double x = area.place(series.x[i], area.y.low()).x;
    if (series.y[i] != 0 || !std::isfinite(x) || std::abs(x - last) < floor_mark_apart) continue;
    last = x;
    const double top = area.frame.bottom - 2 * floor_mark;
    const double bottom = area.frame.bottom - 1;
    canvas.cover_band(std::array{x - floor_mark, x, x + floor_mark}, std::array{top, bottom, top},
                      std::array{top, top, top});
  }
  canvas.paint(series_color(chart, position));
}

// What lies on top of what: disks under lines, crosses over them.
int layer(const Series& series) {
  if (series.style == SeriesStyle::points) return 0;
  return series.style == SeriesStyle::crosses ? 2 : 1;
}

// Marks at one point become rings around the last of them, so that each shows.
void draw_crossings(Canvas& canvas, const Chart& chart, const PlotArea& area) {
  std::vector<Point> places;
  places.reserve(chart.crossings.size());
  for (const CrossingMark& crossing : chart.crossings) places.push_back(area.place(crossing.x, crossing.y));
  const auto own_color = [&](std::size_t i) { return series_color(chart, chart.crossings[i].series); };
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Point at = places[i];
    if (!is_finite(at)) continue;
    // Lines dropped to one place share its dots.
    const auto same_place = [&](const Point& other) { return std::abs(other.x - at.x) < 1; };
    const auto here = places.begin() + static_cast<std::ptrdiff_t>(i);
    const auto before = static_cast<double>(std::count_if(places.begin(), here, same_place));
    const auto all = static_cast<double>(std::count_if(places.begin(), places.end(), same_place));
    const std::array<double, 2> dashes{drop_dot, all * drop_period - drop_dot};
    const double lowest = area.frame.bottom - before * drop_period;
    if (lowest <= at.y) continue;
    const std::array<Point, 2> drop{Point{at.x, lowest}, at};
    canvas.cover_dashed_line(drop, 1.4, dashes);
    canvas.paint(own_color(i));
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Point at = places[i];
    if (!is_finite(at)) continue;
    const auto covering = std::count_if(
        places.begin() + static_cast<std::ptrdiff_t>(i) + 1, places.end(),
        [&](const Point& later) { return std::hypot(later.x - at.x, later.y - at.y) < ring_radius; });
    const double radius = 3.8 + 3 * static_cast<double>(covering);
    canvas.cover_disk(at, radius + 1.2);
    canvas.paint(white);
    canvas.cover_disk(at, radius);
    canvas.paint(own_color(i));
  }
}

}  // namespace

Point PlotArea::place(double x_value, double y_value) const {
  // Far outside is far enough: canvas coordinates must stay small for the sake of rounding.
  const auto near = [](double position) { return std::clamp(position, -1e6, 1e6); };
  return {frame.left + near(x.position(x_value)) * frame.width(),
          frame.bottom - near(y.position(y_value)) * frame.height()};
}

bool shows_zeros(const Chart& chart, const Series& series) {
  return chart.y.scale == AxisScale::log &&
         std::find(series.y.begin(), series.y.end(), 0.0) != series.y.end();
}

Color series_color(const Chart& chart, std::size_t series) {
  return chart.series[series].color.value_or(palette_color(palette_position(chart, series)));
}

void paint_series(Canvas& canvas, const Chart& chart, std::size_t position, std::span<const Point> points) {
  if (points.empty()) return;
  cover_series(canvas, chart, position, points);
  canvas.paint(series_color(chart, position));
  const Series& series = chart.series[position];
  if (!series.hollow || series.style == SeriesStyle::crosses) return;
  const Marks marks = marks_of(chart, position);
  cover_marks(canvas, marks, std::max(marks.radius - ring_width, 0.5), points);
  canvas.paint(white);
}

void draw_data(Canvas& canvas, const Chart& chart, const PlotArea& area) {
  canvas.clip_to(area.frame);
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    draw_band(canvas, chart.series[i], series_color(chart, i), area);
  }
  for (const ReferenceLine& line : chart.reference_lines) {
    const double y = area.place(area.x.low(), line.y).y;
    if (!std::isfinite(y)) continue;
    const std::array<Point, 2> ends{Point{area.frame.left, y}, Point{area.frame.right, y}};
    canvas.cover_dashed_line(ends, 1.2, reference_dashes);
    canvas.paint(reference_color);
  }
  // Of the lines the first is on top: it is what the others are compared with.
  for (const int wanted : {0, 1, 2}) {
    for (std::size_t i = chart.series.size(); i-- > 0;) {
      if (layer(chart.series[i]) == wanted) draw_series(canvas, chart, i, area);
    }
  }
  for (std::size_t i = 0; i < chart.series.size(); ++i) draw_zeros(canvas, chart, i, area);
  draw_crossings(canvas, chart, area);
  canvas.clip_to_all();
}

FreeSpace::FreeSpace(const Chart& chart, const PlotArea& area)
    : sketch_(std::max(area.frame.right, 2.0), std::max(area.frame.bottom, 2.0), 0.5, white),
      frame_(area.frame) {
  draw_data(sketch_, chart, area);
}

int FreeSpace::used(const Rectangle& place) const {
  const auto pixel = [&](double coordinate, int most) {
    return std::clamp(static_cast<int>(coordinate * sketch_.scale()), 0, most);
  };
  int count = 0;
  for (int y = pixel(place.top, sketch_.height()); y < pixel(place.bottom, sketch_.height()); ++y) {
    for (int x = pixel(place.left, sketch_.width()); x < pixel(place.right, sketch_.width()); ++x) {
      if (sketch_.pixel(x, y) != white) ++count;
    }
  }
  return count;
}

Rectangle FreeSpace::freest(std::span<const Rectangle> places) const {
  return *std::min_element(places.begin(), places.end(),
                           [&](const Rectangle& a, const Rectangle& b) { return used(a) < used(b); });
}

void FreeSpace::take(const Rectangle& place) {
  sketch_.cover(place);
  sketch_.paint(Color{});
}

}  // namespace SOAP_ABI
}  // namespace soap
