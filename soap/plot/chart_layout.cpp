#include "soap/plot/chart_layout.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "soap/base/text.hpp"
#include "soap/plot/font.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr double tick_gap = 8;  // between the axis and its numbers
constexpr double crossing_row = 18;

double height_of(const std::vector<std::string>& lines, double size) {
  return static_cast<double>(lines.size()) * size * line_spacing;
}

std::vector<double> shown_values(const Chart& chart, bool horizontal) {
  std::vector<double> values;
  for (const Series& series : chart.series) {
    const auto add = [&](const std::vector<double>& more) {
      values.insert(values.end(), more.begin(), more.end());
    };
    add(horizontal ? series.x : series.y);
    if (!horizontal) add(series.band_low);
    if (!horizontal) add(series.band_high);
  }
  for (const CrossingMark& crossing : chart.crossings) values.push_back(horizontal ? crossing.x : crossing.y);
  if (!horizontal) {
    for (const ReferenceLine& line : chart.reference_lines) values.push_back(line.y);
  }
  return values;
}

// The chart's own, and what the marks at the floor mean.
std::string note_of(const Chart& chart) {
  const bool zeros = std::any_of(chart.series.begin(), chart.series.end(),
                                 [&](const Series& series) { return shows_zeros(chart, series); });
  if (!zeros) return chart.note;
  return chart.note + (chart.note.empty() ? "" : " ") +
         "Triangles at the bottom: 0, which has no place on a log axis.";
}

bool collide(std::span<const Tick> ticks, double length) {
  double end = -1e9;
  for (const Tick& tick : ticks) {
    if (tick.label.empty()) continue;
    const double width = text_width(tick.label, tick_size);
    const double start = tick.position * length - width / 2;
    if (start < end + 14) return true;
    end = start + width;
  }
  return false;
}

// The numbers next to an aside's name give way to it.
void make_room_for_aside(std::vector<Tick>& ticks, double length) {
  const double end = ticks.front().position * length + text_width(ticks.front().label, tick_size) / 2;
  for (std::size_t i = 1; i < ticks.size(); ++i) {
    Tick& tick = ticks[i];
    if (tick.position * length - text_width(tick.label, tick_size) / 2 < end + 14) tick.label.clear();
  }
}

std::vector<Tick> ticks_without_collision(const Axis& axis, const AxisRange& range, double length) {
  for (int most = std::max(2, static_cast<int>(length / 60));; --most) {
    std::vector<Tick> result = ticks(axis, range, most);
    if (axis.aside) make_room_for_aside(result, length);
    if (most <= 2 || !collide(result, length)) return result;
  }
}

double widest(std::span<const Tick> ticks) {
  double width = 0;
  for (const Tick& tick : ticks) {
    for (const std::string& line : tick_lines(tick)) width = std::max(width, text_width(line, tick_size));
  }
  return width;
}

void wrap_names(std::vector<Tick>& ticks, double most_width) {
  for (Tick& tick : ticks) tick.label = join(wrap_text(tick.label, tick_size, most_width), "\n");
}

// The palette's pale colors are made for lines; thin letters need more contrast.
Color darker(Color color) { return {0.75F * color.red, 0.75F * color.green, 0.75F * color.blue}; }

// Labels beside their lines, the first row at the axis, and as many rows as it takes for none to overlap.
std::vector<CrossingLabel> place_crossings(const Chart& chart, const PlotArea& area) {
  std::vector<const CrossingMark*> marks;
  for (const CrossingMark& crossing : chart.crossings) {
    const double position = area.x.position(crossing.x);
    if (!crossing.label.empty() && position >= 0 && position <= 1) marks.push_back(&crossing);
  }
  std::stable_sort(marks.begin(), marks.end(), [](const auto* a, const auto* b) { return a->x < b->x; });
  std::vector<CrossingLabel> labels;
  std::vector<double> row_ends;
  for (const CrossingMark* mark : marks) {
    const double x = area.place(mark->x, mark->y).x;
    const double width = text_width(mark->label, tick_size) + 6;
    const double left = x + 3 + width <= area.frame.right ? x + 3 : x - 3 - width;
    std::size_t row = 0;
    while (row < row_ends.size() && row_ends[row] > left) ++row;
    if (row == row_ends.size()) row_ends.push_back(0);
    row_ends[row] = left + width + 3;
    const double bottom = area.frame.bottom - 3 - static_cast<double>(row) * crossing_row;
    labels.push_back({mark->label,
                      darker(series_color(chart, mark->series)),
                      {left, bottom - crossing_row + 1, left + width, bottom}});
  }
  return labels;
}

}  // namespace

std::vector<std::string> tick_lines(const Tick& tick) { return split(tick.label, '\n'); }

ChartLayout lay_out(const Chart& chart, const Rectangle& cell, double right_room) {
  const double text_room = cell.width() - 2 * page_margin;
  ChartLayout layout{.area = {.frame = cell, .x = {chart.x.scale, 1, 2}, .y = {chart.y.scale, 1, 2}},
                     .title = wrap_text(chart.title, title_size, text_room),
                     .x_label = wrap_text(chart.x.label, label_size, text_room),
                     .y_label = {},
                     .note = wrap_text(note_of(chart), note_size, text_room),
                     .x_ticks = {},
                     .y_ticks = {},
                     .crossing_labels = {}};
  Rectangle& frame = layout.area.frame;
  frame.top = cell.top + page_margin + height_of(layout.title, title_size) + (layout.title.empty() ? 0 : 8);
  frame.bottom = cell.bottom - page_margin - height_of(layout.note, note_size) -
                 (layout.note.empty() ? 0 : 6) - height_of(layout.x_label, label_size) - tick_gap -
                 tick_size * line_spacing;
  frame.bottom = std::max(frame.bottom, frame.top + 1);
  layout.y_label = wrap_text(chart.y.label, label_size, frame.height());

  const bool marks = std::any_of(chart.series.begin(), chart.series.end(), [](const Series& series) {
    return series.marks || series.style == SeriesStyle::points || series.style == SeriesStyle::crosses;
  });
  layout.area.x = fit_range(chart.x, shown_values(chart, true), marks ? 0.03 : 0);
  const AxisRange y_range = fit_range(chart.y, shown_values(chart, false), 0.04);

  // Labels at the axis get a strip of their own under the data. Its height moves the numbers on the y axis
  // and thereby the frame's left edge, which moves the labels: a second round settles that.
  double strip = 0;
  for (int round = 0; round < 2; ++round) {
    const double share = std::min(strip / frame.height(), 0.5);
    layout.area.y = chart.y.low || strip == 0 ? y_range : y_range.lowered_to(-share / (1 - share));
    layout.y_ticks = ticks(chart.y, layout.area.y, std::max(2, static_cast<int>(frame.height() / 48)));
    if (!chart.y.names.empty()) wrap_names(layout.y_ticks, 0.4 * cell.width());
    frame.left = cell.left + page_margin + height_of(layout.y_label, label_size) +
                 (layout.y_label.empty() ? 0 : 6) + widest(layout.y_ticks) + tick_gap;
    frame.right = std::max(cell.right - page_margin - right_room, frame.left + 1);
    layout.x_ticks = ticks_without_collision(chart.x, layout.area.x, frame.width());
    for (const Tick& tick : layout.x_ticks) {
      const double overhang = text_width(tick.label, tick_size) / 2 - (1 - tick.position) * frame.width();
      frame.right = std::max(std::min(frame.right, cell.right - page_margin - right_room - overhang + 6),
                             frame.left + 1);
    }
    layout.crossing_labels = place_crossings(chart, layout.area);
    for (const CrossingLabel& label : layout.crossing_labels) {
      strip = std::max(strip, frame.bottom - label.box.top + 2);
    }
  }
  return layout;
}

}  // namespace SOAP_ABI
}  // namespace soap
