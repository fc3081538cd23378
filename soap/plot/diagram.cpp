#include "soap/plot/diagram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "soap/plot/chart_layout.hpp"
#include "soap/plot/font.hpp"
#include "soap/plot/palette.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr double box_text_size = 14;
constexpr double arrow_label_size = 13;
constexpr double frame_width = 2;
constexpr double arrow_width = 2.4;

Point shifted(Point point, double right) { return {point.x + right, point.y}; }

void draw_lines(Canvas& canvas, const std::vector<std::string>& lines, Point center, double size, Color color,
                Align align = Align::center) {
  double baseline =
      center.y - (static_cast<double>(lines.size()) - 1) * size * line_spacing / 2 + capital_height(size) / 2;
  for (const std::string& line : lines) {
    draw_text(canvas, line, {center.x, baseline}, {.size = size, .color = color, .align = align});
    baseline += size * line_spacing;
  }
}

Rectangle around(Point center, double width, double height) {
  return {center.x - width / 2, center.y - height / 2, center.x + width / 2, center.y + height / 2};
}

void draw_box(Canvas& canvas, const DiagramBox& box, double left) {
  const Point center = shifted(box.center, left);
  canvas.cover(around(center, box.width, box.height));
  canvas.paint(box.color);
  canvas.cover(around(center, box.width - 2 * frame_width, box.height - 2 * frame_width));
  canvas.paint(white);
  draw_lines(canvas, wrap_text(box.text, box_text_size, box.width - page_margin), center, box_text_size, ink);
}

// Where the straight line from a box's center towards `to` leaves it, a little outside.
Point border(const DiagramBox& box, Point center, Point to, double gap) {
  const double dx = to.x - center.x;
  const double dy = to.y - center.y;
  const double length = std::hypot(dx, dy);
  const double across = dx == 0 ? length : length * box.width / 2 / std::abs(dx);
  const double along = dy == 0 ? length : length * box.height / 2 / std::abs(dy);
  const double distance = std::min(across, along) + gap;
  return {center.x + dx / length * distance, center.y + dy / length * distance};
}

void draw_head(Canvas& canvas, Point from, Point tip) {
  constexpr double size = 11;
  constexpr double opening = 0.42;  // radians to either side
  const double angle = std::atan2(from.y - tip.y, from.x - tip.x);
  const auto end = [&](double turn) {
    return Point{tip.x + size * std::cos(angle + turn), tip.y + size * std::sin(angle + turn)};
  };
  const std::array<Point, 3> head{end(opening), tip, end(-opening)};
  canvas.cover_line(head, arrow_width);
}

void draw_cross(Canvas& canvas, Point at) {
  constexpr double arm = 9;
  const std::array<Point, 2> down{Point{at.x - arm, at.y - arm}, Point{at.x + arm, at.y + arm}};
  const std::array<Point, 2> up{Point{at.x - arm, at.y + arm}, Point{at.x + arm, at.y - arm}};
  canvas.cover_line(down, arrow_width + 1);
  canvas.cover_line(up, arrow_width + 1);
}

void draw_arrow(Canvas& canvas, const DiagramPanel& panel, const DiagramArrow& arrow, double left) {
  const DiagramBox& source = panel.boxes[arrow.from];
  const DiagramBox& target = panel.boxes[arrow.to];
  const Point start = shifted(source.center, left);
  const Point end = shifted(target.center, left);
  const std::array<Point, 2> line{border(source, start, end, 3), border(target, end, start, 5)};
  const Point middle{(line[0].x + line[1].x) / 2, (line[0].y + line[1].y) / 2};
  if (arrow.cut) {
    canvas.cover_dashed_line(line, arrow_width, long_dashes);
  } else {
    canvas.cover_line(line, arrow_width);
  }
  draw_head(canvas, line[0], line[1]);
  canvas.paint(arrow.color);
  if (arrow.cut) {
    draw_cross(canvas, middle);
    canvas.paint(ink);
  }
  if (arrow.label.empty()) return;
  // Beside the line, on its outer side: to the left of one that leans left, below a level one.
  const auto lines = wrap_text(arrow.label, arrow_label_size, 120);
  double widest = 0;
  for (const auto& text : lines) widest = std::max(widest, text_width(text, arrow_label_size));
  const double slope = (line[1].y - line[0].y) * (line[1].x - line[0].x);
  const double height = static_cast<double>(lines.size()) * arrow_label_size * line_spacing;
  const double side = std::abs(slope) < 1 ? 0 : (slope < 0 ? -1 : 1);
  const Point at = side == 0 ? Point{middle.x, middle.y + 10 + height / 2}
                             : Point{middle.x + side * (widest / 2 + 22), middle.y - 8};
  draw_lines(canvas, lines, at, arrow_label_size, pale_ink);
}

void draw_panel(Canvas& canvas, const DiagramPanel& panel, const Diagram& diagram, double left) {
  const double center = left + diagram.panel_width / 2;
  draw_lines(canvas, {panel.title}, {center, page_margin + title_size / 2}, title_size, ink);
  for (const DiagramArrow& arrow : panel.arrows) draw_arrow(canvas, panel, arrow, left);
  for (const DiagramBox& box : panel.boxes) draw_box(canvas, box, left);
  const auto note = wrap_text(panel.note, note_size, diagram.panel_width - 2 * page_margin);
  const double height = static_cast<double>(note.size()) * note_size * line_spacing;
  draw_lines(canvas, note, {center, diagram.panel_height - page_margin - height / 2}, note_size, pale_ink);
}

}  // namespace

Image render(const Diagram& diagram) {
  for (const DiagramPanel& panel : diagram.panels) {
    for (const DiagramArrow& arrow : panel.arrows) {
      if (std::max(arrow.from, arrow.to) >= panel.boxes.size() || arrow.from == arrow.to) {
        throw std::invalid_argument("diagram: found an arrow from box " + std::to_string(arrow.from) +
                                    " to " + std::to_string(arrow.to) + ", expected two of " +
                                    std::to_string(panel.boxes.size()));
      }
    }
  }
  const auto panels = static_cast<double>(diagram.panels.size());
  Canvas canvas(panels * diagram.panel_width, diagram.panel_height, diagram.scale, white);
  for (std::size_t i = 0; i < diagram.panels.size(); ++i)
    draw_panel(canvas, diagram.panels[i], diagram, static_cast<double>(i) * diagram.panel_width);
  return canvas.image();
}

}  // namespace SOAP_ABI
}  // namespace soap
