#include "soap/plot/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <stdexcept>

#include "soap/plot/chart_layout.hpp"
#include "soap/plot/font.hpp"
#include "soap/plot/legend.hpp"
#include "soap/plot/palette.hpp"
#include "soap/plot/plot_area.hpp"
#include "soap/plot/png.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr Color grid_color = color(0xE3E3E3);
constexpr Color minor_grid_color = color(0xF1F1F1);
constexpr Color aside_color = color(0xF3F3F3);
constexpr double legend_inset = 8;

void check(const Chart& chart) {
  for (const Series& series : chart.series) {
    const auto require = [&](bool fine, const std::string& sentence) {
      if (!fine) throw std::invalid_argument("chart, series '" + series.label + "': " + sentence);
    };
    const std::string points = " for " + std::to_string(series.x.size()) + " x values";
    require(series.y.size() == series.x.size(),
            "found " + std::to_string(series.y.size()) + " y values" + points);
    require(series.band_low.size() == series.band_high.size(),
            "found a band with edges of different lengths");
    if (series.band_low.empty()) continue;
    require(series.band_low.size() == series.x.size(),
            "found a band of " + std::to_string(series.band_low.size()) + " values" + points);
    require(std::is_sorted(series.x.begin(), series.x.end()), "found a band over x that does not ascend");
  }
  for (const CrossingMark& crossing : chart.crossings) {
    if (crossing.series >= chart.series.size()) {
      throw std::invalid_argument("chart, crossing '" + crossing.label + "': found series " +
                                  std::to_string(crossing.series) + ", expected one of " +
                                  std::to_string(chart.series.size()));
    }
  }
}

// A straight line of the least width that is still crisp at this scale.
double hairline(const Canvas& canvas) {
  return std::max(1.0, std::floor(canvas.scale() * 0.6)) / canvas.scale();
}

void draw_vertical(Canvas& canvas, double x, double top, double bottom) {
  const double left = canvas.snap(x - hairline(canvas) / 2);
  canvas.cover({left, top, left + hairline(canvas), bottom});
}

void draw_horizontal(Canvas& canvas, double y, double left, double right) {
  const double top = canvas.snap(y - hairline(canvas) / 2);
  canvas.cover({left, top, right, top + hairline(canvas)});
}

bool is_visible(const Tick& tick) { return tick.position >= -1e-9 && tick.position <= 1 + 1e-9; }

void draw_grid(Canvas& canvas, const Chart& chart, const ChartLayout& layout) {
  const Rectangle& frame = layout.area.frame;
  if (chart.x.aside) {
    const double end = std::clamp(layout.area.x.position(chart.x.aside->until), 0.0, 1.0);
    canvas.cover({frame.left, frame.top, canvas.snap(frame.left + end * frame.width()), frame.bottom});
    canvas.paint(aside_color);
  }
  for (const bool labeled : {false, true}) {
    for (const Tick& tick : layout.x_ticks) {
      if (!is_visible(tick) || tick.label.empty() == labeled) continue;
      draw_vertical(canvas, frame.left + tick.position * frame.width(), frame.top, frame.bottom);
    }
    for (const Tick& tick : layout.y_ticks) {
      if (!is_visible(tick) || tick.label.empty() == labeled) continue;
      draw_horizontal(canvas, frame.bottom - tick.position * frame.height(), frame.left, frame.right);
    }
    canvas.paint(labeled ? grid_color : minor_grid_color);
  }
}

void draw_axes(Canvas& canvas, const ChartLayout& layout) {
  const Rectangle& frame = layout.area.frame;
  const auto length = [](const Tick& tick) { return tick.label.empty() ? 2.5 : 4.5; };
  draw_vertical(canvas, frame.left, frame.top, frame.bottom);
  draw_horizontal(canvas, frame.bottom, frame.left, frame.right);
  for (const Tick& tick : layout.x_ticks) {
    if (!is_visible(tick)) continue;
    draw_vertical(canvas, frame.left + tick.position * frame.width(), frame.bottom,
                  frame.bottom + length(tick));
  }
  for (const Tick& tick : layout.y_ticks) {
    if (!is_visible(tick)) continue;
    draw_horizontal(canvas, frame.bottom - tick.position * frame.height(), frame.left - length(tick),
                    frame.left);
  }
  canvas.paint(pale_ink);

  const double capital = capital_height(tick_size);
  for (const Tick& tick : layout.x_ticks) {
    if (!is_visible(tick)) continue;
    draw_text(canvas, tick.label, {frame.left + tick.position * frame.width(), frame.bottom + 8 + capital},
              {.size = tick_size, .color = ink, .align = Align::center});
  }
  for (const Tick& tick : layout.y_ticks) {
    if (!is_visible(tick)) continue;
    const auto lines = tick_lines(tick);
    double baseline = frame.bottom - tick.position * frame.height() + capital / 2 -
                      (static_cast<double>(lines.size()) - 1) * tick_size * line_spacing / 2;
    for (const std::string& line : lines) {
      draw_text(canvas, line, {frame.left - 8, baseline},
                {.size = tick_size, .color = ink, .align = Align::right});
      baseline += tick_size * line_spacing;
    }
  }
}

void draw_lines(Canvas& canvas, const std::vector<std::string>& lines, Point first_baseline,
                const TextStyle& style) {
  Point at = first_baseline;
  for (const std::string& line : lines) {
    draw_text(canvas, line, at, style);
    (style.direction == Direction::upwards ? at.x : at.y) += style.size * line_spacing;
  }
}

void draw_titles(Canvas& canvas, const ChartLayout& layout, const Rectangle& cell) {
  const Rectangle& frame = layout.area.frame;
  const double center = (frame.left + frame.right) / 2;
  const double middle = (frame.top + frame.bottom) / 2;
  draw_lines(canvas, layout.title, {(cell.left + cell.right) / 2, cell.top + 14 + capital_height(title_size)},
             {.size = title_size, .color = ink, .align = Align::center});
  const double under_ticks = frame.bottom + 8 + tick_size * line_spacing;
  // A label wider than the frame is wrapped to the cell, so it is centered there.
  const bool wide = std::any_of(layout.x_label.begin(), layout.x_label.end(), [&](const std::string& line) {
    return text_width(line, label_size) > frame.width();
  });
  draw_lines(canvas, layout.x_label,
             {wide ? (cell.left + cell.right) / 2 : center, under_ticks + capital_height(label_size) + 3},
             {.size = label_size, .color = ink, .align = Align::center});
  draw_lines(canvas, layout.y_label, {cell.left + 14 + capital_height(label_size), middle},
             {.size = label_size, .color = ink, .align = Align::center, .direction = Direction::upwards});
  const double note_top =
      under_ticks + static_cast<double>(layout.x_label.size()) * label_size * line_spacing + 6;
  draw_lines(canvas, layout.note, {cell.left + 14, note_top + capital_height(note_size) + 2},
             {.size = note_size, .color = pale_ink});
}

// Text on a pale box, which keeps it readable over the grid and over lines.
void draw_boxed(Canvas& canvas, const std::string& text, const Rectangle& box, Color text_color) {
  canvas.cover(box);
  canvas.paint(white, 0.85);
  const double middle = (box.top + box.bottom) / 2;
  draw_text(canvas, text, {(box.left + box.right) / 2, middle + capital_height(tick_size) / 2},
            {.size = tick_size, .color = text_color, .align = Align::center});
}

void draw_reference_labels(Canvas& canvas, const Chart& chart, const PlotArea& area, FreeSpace& space) {
  for (const ReferenceLine& line : chart.reference_lines) {
    const double y = area.place(area.x.low(), line.y).y;
    if (line.label.empty() || !(y >= area.frame.top && y <= area.frame.bottom)) continue;
    const double width = text_width(line.label, tick_size) + 8;
    std::vector<Rectangle> places;
    for (const double top : {y - 20, y + 3}) {
      for (const double left : {area.frame.right - width - 4, area.frame.left + 4}) {
        const Rectangle place{left, top, left + width, top + 17};
        if (place.top >= area.frame.top && place.bottom <= area.frame.bottom) places.push_back(place);
      }
    }
    if (places.empty()) places.push_back({area.frame.left + 4, y - 20, area.frame.left + 4 + width, y - 3});
    const Rectangle place = space.freest(places);
    draw_boxed(canvas, line.label, place, pale_ink);
    space.take(place);
  }
}

// To the right of a point first, then around it, and then further away.
std::vector<Rectangle> places_around(Point at, double distance, double width, double height) {
  const double across = distance + width / 2;
  const double along = distance + height / 2;
  std::vector<Rectangle> places;
  for (const Point center : {Point{at.x + across, at.y},
                             {at.x - across, at.y},
                             {at.x + across, at.y - along},
                             {at.x - across, at.y - along},
                             {at.x + across, at.y + along},
                             {at.x - across, at.y + along},
                             {at.x, at.y - along},
                             {at.x, at.y + along}}) {
    places.push_back(
        {center.x - width / 2, center.y - height / 2, center.x + width / 2, center.y + height / 2});
  }
  return places;
}

// A place near the point that covers a bit of a line is better than a free one further away.
std::optional<Rectangle> place_beside(Point at, double width, double height, const Rectangle& frame,
                                      const FreeSpace& space) {
  constexpr double worth_of_distance = 1.2;
  std::optional<Rectangle> best;
  double least = 0;
  for (const double distance : {5.0, 14.0, 26.0, 40.0, 60.0}) {
    for (const Rectangle& place : places_around(at, distance, width, height)) {
      if (place.left < frame.left || place.right > frame.right || place.top < frame.top ||
          place.bottom > frame.bottom)
        continue;
      const double cost = space.used(place) + worth_of_distance * distance;
      if (best && cost >= least) continue;
      best = place;
      least = cost;
    }
  }
  return best;
}

void draw_point_labels(Canvas& canvas, const Chart& chart, const PlotArea& area, FreeSpace& space) {
  for (const PointLabel& label : chart.labels) {
    const Point at = area.place(label.x, label.y);
    const bool inside = at.x >= area.frame.left && at.x <= area.frame.right && at.y >= area.frame.top &&
                        at.y <= area.frame.bottom;
    if (!inside) continue;
    const auto place =
        place_beside(at, text_width(label.text, tick_size) + 4, tick_size + 2, area.frame, space);
    if (!place) continue;
    draw_boxed(canvas, label.text, *place, label.color);
    space.take(*place);
  }
}

// Corners first, the upper right one before all, then the middles of the edges.
std::vector<Rectangle> legend_places(const Legend& legend, const Rectangle& frame) {
  const double left = frame.left + legend_inset;
  const double right = frame.right - legend_inset - legend.width();
  const double center = (left + right) / 2;
  const double top = frame.top + legend_inset / 2;
  const double bottom = frame.bottom - legend_inset - legend.height();
  const double middle = (top + bottom) / 2;
  std::vector<Rectangle> places;
  for (const Point at : {Point{right, top},
                         {left, top},
                         {left, bottom},
                         {right, bottom},
                         {right, middle},
                         {center, top},
                         {left, middle},
                         {center, bottom}}) {
    places.push_back({at.x, at.y, at.x + legend.width(), at.y + legend.height()});
  }
  return places;
}

struct Arranged {
  ChartLayout layout;
  FreeSpace space;
};

Arranged arrange(const Chart& chart, const Rectangle& cell, double right_room) {
  ChartLayout layout = lay_out(chart, cell, right_room);
  FreeSpace space(chart, layout.area);
  for (const CrossingLabel& label : layout.crossing_labels) space.take(label.box);
  return {std::move(layout), std::move(space)};
}

constexpr double narrow_legend = 0.3;  // of a cell's width

// What a legend below the chart takes, where it has more entries than a column has room for; else 0.
double height_below(const Chart& chart, double width, double height) {
  constexpr double plot_share = 0.7;  // of a cell's height
  if (Legend(chart, narrow_legend * width).height() <= plot_share * height) return 0;
  return LegendStrip(chart, "", width).height();
}

void draw_chart(Canvas& canvas, Chart chart, Rectangle cell, double base_height) {
  check(chart);
  if (const double below = height_below(chart, cell.width(), base_height); below > 0) {
    cell.bottom -= below;
    LegendStrip(chart, "", cell.width()).draw(canvas, {cell.left, cell.bottom});
    for (Series& series : chart.series) series.label.clear();
  }
  Arranged arranged = arrange(chart, cell, 0);
  Legend legend(chart, 0.45 * cell.width());
  Rectangle legend_place{};
  if (!legend.empty()) {
    const auto places = legend_places(legend, arranged.layout.area.frame);
    legend_place = arranged.space.freest(places);
    if (arranged.space.used(legend_place) > 0 || legend.height() > arranged.layout.area.frame.height()) {
      // No room inside: the legend goes to the right of a narrower plot area.
      legend = Legend(chart, narrow_legend * cell.width());
      arranged = arrange(chart, cell, legend.width());
      const double left = cell.right - legend_inset - legend.width();
      const double top = arranged.layout.area.frame.top;
      legend_place = {left, top, left + legend.width(), top + legend.height()};
    }
  }
  draw_grid(canvas, chart, arranged.layout);
  draw_data(canvas, chart, arranged.layout.area);
  draw_axes(canvas, arranged.layout);
  draw_titles(canvas, arranged.layout, cell);
  for (const CrossingLabel& label : arranged.layout.crossing_labels) {
    draw_boxed(canvas, label.text, label.box, label.color);
  }
  if (!legend.empty()) {
    legend.draw(canvas, {legend_place.left, legend_place.top});
    arranged.space.take(legend_place);
  }
  draw_reference_labels(canvas, chart, arranged.layout.area, arranged.space);
  draw_point_labels(canvas, chart, arranged.layout.area, arranged.space);
}

std::size_t columns_of(const Figure& figure) {
  if (figure.arrangement == Arrangement::stacked) return 1;
  if (figure.arrangement == Arrangement::side_by_side) return std::max<std::size_t>(figure.charts.size(), 1);
  if (figure.columns == 0) throw std::invalid_argument("figure: found a grid of 0 columns, expected some");
  return figure.columns;
}

}  // namespace

double legend_height(const Figure& figure) {
  return LegendStrip({.series = figure.legend}, figure.note, figure.width).height();
}

Image render(const Figure& figure) {
  const LegendStrip legend({.series = figure.legend}, figure.note, figure.width);
  const std::size_t columns = columns_of(figure);
  const std::size_t rows = (figure.charts.size() + columns - 1) / columns;
  const double cell_height =
      (figure.height - legend.height()) / static_cast<double>(std::max<std::size_t>(rows, 1));
  const double cell_width = figure.width / static_cast<double>(columns);
  // A row is as much higher as its highest legend below a chart.
  std::vector<double> heights(rows, cell_height);
  double height = figure.height;
  for (std::size_t row = 0; row < rows; ++row) {
    double below = 0;
    for (std::size_t i = row * columns; i < std::min((row + 1) * columns, figure.charts.size()); ++i)
      below = std::max(below, height_below(figure.charts[i], cell_width, cell_height));
    heights[row] += below;
    height += below;
  }
  Canvas canvas(figure.width, height, figure.scale, white);
  double top = 0;
  for (std::size_t i = 0; i < figure.charts.size(); ++i) {
    const std::size_t row = i / columns;
    const auto column = static_cast<double>(i % columns);
    if (i > 0 && i % columns == 0) top += heights[row - 1];
    draw_chart(canvas, figure.charts[i],
               {column * cell_width, top, (column + 1) * cell_width, top + heights[row]}, cell_height);
  }
  legend.draw(canvas, {0, height - legend.height()});
  return canvas.image();
}

void write_png(const Figure& figure, const std::filesystem::path& path) { write_png(render(figure), path); }

}  // namespace SOAP_ABI
}  // namespace soap
