#include "soap/plot/legend.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "soap/plot/chart_layout.hpp"
#include "soap/plot/font.hpp"
#include "soap/plot/plot_area.hpp"

namespace soap::inline SOAP_ABI {

namespace {

constexpr double text_size = 13;
constexpr double line_height = 19;
constexpr double padding = 8;
constexpr double sample_width = 28;
constexpr double strip_margin = 14;
constexpr double strip_gap = 24;  // between entries of a strip
constexpr double text_start = padding + sample_width + 8;

// What a series looks like, to the right of `left_middle`.
void draw_sample(Canvas& canvas, const Chart& chart, std::size_t position, Point left_middle) {
  const Series& series = chart.series[position];
  const auto [left, middle] = left_middle;
  const Color line_color = series_color(chart, position);
  if (!series.band_low.empty()) {
    canvas.cover({left, middle - 6, left + sample_width, middle + 6});
    canvas.paint(line_color, 0.2);
  }
  if (series.style == SeriesStyle::points || series.style == SeriesStyle::crosses) {
    const std::array<Point, 1> mark{Point{left + sample_width / 2, middle}};
    paint_series(canvas, chart, position, mark);
  } else {
    const std::array<Point, 2> line{Point{left + 1, middle}, Point{left + sample_width - 1, middle}};
    paint_series(canvas, chart, position, line);
  }
}

}  // namespace

Legend::Legend(const Chart& chart, double most_width) : chart_(&chart) {
  std::size_t lines = 0;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    if (chart.series[i].label.empty()) continue;
    Entry entry{i, wrap_text(chart.series[i].label, text_size, most_width - text_start - padding)};
    for (const std::string& line : entry.lines) {
      width_ = std::max(width_, text_start + text_width(line, text_size) + padding);
    }
    lines += entry.lines.size();
    entries_.push_back(std::move(entry));
  }
  height_ = static_cast<double>(lines) * line_height + 2 * padding;
}

void Legend::draw(Canvas& canvas, Point top_left) const {
  const double right = top_left.x + width_;
  const double bottom = top_left.y + height_;
  canvas.cover({top_left.x, top_left.y, right, bottom});
  canvas.paint(color(0xFFFFFF), 0.9);
  const std::array<Point, 5> border{
      top_left, {right, top_left.y}, {right, bottom}, {top_left.x, bottom}, top_left};
  canvas.cover_line(border, 0.75);
  canvas.paint(color(0xD0D0D0));
  double middle = top_left.y + padding + line_height / 2;
  for (const Entry& entry : entries_) {
    draw_sample(canvas, *chart_, entry.series, {top_left.x + padding, middle});
    for (const std::string& line : entry.lines) {
      draw_text(canvas, line, {top_left.x + text_start, middle + capital_height(text_size) / 2},
                {.size = text_size, .color = color(0x222222)});
      middle += line_height;
    }
  }
}

LegendStrip::LegendStrip(const std::vector<Series>& entries, const std::string& note, double width)
    : width_(width) {
  chart_.series = entries;
  const double right = width - strip_margin;
  double left = strip_margin;
  double middle = padding + line_height / 2;
  for (const Series& entry : entries) {
    const double length = sample_width + 8 + text_width(entry.label, text_size);
    if (left > strip_margin && left + length > right) {
      left = strip_margin;
      middle += line_height;
    }
    places_.push_back({left, middle});
    left += length + strip_gap;
  }
  if (!entries.empty()) height_ = middle + line_height / 2 + padding;
  if (note.empty()) return;
  note_ = wrap_text(note, note_size, right - strip_margin);
  height_ += static_cast<double>(note_.size()) * note_size * line_spacing + padding;
}

void LegendStrip::draw(Canvas& canvas, double top) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Point at{places_[i].left, top + places_[i].middle};
    draw_sample(canvas, chart_, i, at);
    draw_text(canvas, chart_.series[i].label, {at.x + sample_width + 8, at.y + capital_height(text_size) / 2},
              {.size = text_size, .color = color(0x222222)});
  }
  double baseline =
      top + height_ - padding - (static_cast<double>(note_.size()) - 0.75) * note_size * line_spacing;
  for (const std::string& line : note_) {
    draw_text(canvas, line, {strip_margin, baseline}, {.size = note_size, .color = color(0x555555)});
    baseline += note_size * line_spacing;
  }
}

}  // namespace soap::inline SOAP_ABI
