#include "soap/plot/legend.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "soap/plot/chart_layout.hpp"
#include "soap/plot/font.hpp"
#include "soap/plot/palette.hpp"
#include "soap/plot/plot_area.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr double text_size = 13;
constexpr double line_height = 19;
constexpr double padding = 8;
constexpr double sample_width = 28;
constexpr double strip_margin = 14;
constexpr double strip_gap = 24;  // between entries of a strip
constexpr double sample_gap = 8;
constexpr double text_start = padding + sample_width + sample_gap;

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
  canvas.paint(white, 0.9);
  const std::array<Point, 5> border{
      top_left, {right, top_left.y}, {right, bottom}, {top_left.x, bottom}, top_left};
  canvas.cover_line(border, 0.75);
  canvas.paint(color(0xD0D0D0));
  double middle = top_left.y + padding + line_height / 2;
  for (const Entry& entry : entries_) {
    draw_sample(canvas, *chart_, entry.series, {top_left.x + padding, middle});
    for (const std::string& line : entry.lines) {
      draw_text(canvas, line, {top_left.x + text_start, middle + capital_height(text_size) / 2},
                {.size = text_size, .color = ink});
      middle += line_height;
    }
  }
}

LegendStrip::LegendStrip(const Chart& chart, const std::string& note, double width) {
  chart_.series.reserve(chart.series.size());
  for (const Series& series : chart.series) {
    // Looks, not data; palette colors count all series, those without labels too.
    Series looks = series;
    looks.x.clear();
    looks.y.clear();
    chart_.series.push_back(std::move(looks));
  }
  const double right = width - strip_margin;
  double left = strip_margin;
  double top = padding;
  double row_height = 0;
  for (std::size_t i = 0; i < chart_.series.size(); ++i) {
    if (chart_.series[i].label.empty()) continue;
    auto lines =
        wrap_text(chart_.series[i].label, text_size, right - strip_margin - sample_width - sample_gap);
    double length = 0;
    for (const std::string& line : lines)
      length = std::max(length, sample_width + sample_gap + text_width(line, text_size));
    if (left > strip_margin && left + length > right) {
      left = strip_margin;
      top += row_height;
      row_height = 0;
    }
    row_height = std::max(row_height, static_cast<double>(lines.size()) * line_height);
    entries_.push_back({i, left, top + line_height / 2, std::move(lines)});
    left += length + strip_gap;
  }
  if (!entries_.empty()) height_ = top + row_height + padding;
  if (note.empty()) return;
  note_ = wrap_text(note, note_size, right - strip_margin);
  height_ += static_cast<double>(note_.size()) * note_size * line_spacing + padding;
}

void LegendStrip::draw(Canvas& canvas, Point top_left) const {
  for (const Entry& entry : entries_) {
    Point at{top_left.x + entry.left, top_left.y + entry.middle};
    draw_sample(canvas, chart_, entry.series, at);
    for (const std::string& line : entry.lines) {
      draw_text(canvas, line, {at.x + sample_width + sample_gap, at.y + capital_height(text_size) / 2},
                {.size = text_size, .color = ink});
      at.y += line_height;
    }
  }
  double baseline =
      top_left.y + height_ - padding - (static_cast<double>(note_.size()) - 0.75) * note_size * line_spacing;
  for (const std::string& line : note_) {
    draw_text(canvas, line, {top_left.x + strip_margin, baseline}, {.size = note_size, .color = pale_ink});
    baseline += note_size * line_spacing;
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
