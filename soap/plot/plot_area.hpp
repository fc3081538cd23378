// Inside the axes: where values stand, the data themselves, and the space that they leave.
#pragma once

#include <cstddef>
#include <span>

#include "soap/plot/axis.hpp"
#include "soap/plot/canvas.hpp"
#include "soap/plot/chart.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct PlotArea {
  Rectangle frame;
  AxisRange x;
  AxisRange y;

  /// Not finite for values without a place on the axes.
  [[nodiscard]] Point place(double x_value, double y_value) const;
};

bool shows_zeros(const Chart& chart, const Series& series);
Color series_color(const Chart& chart, std::size_t series);

/// Paints a line through the points in the style and color of a series: whole, dashed or, for points, one
/// mark each.
void paint_series(Canvas& canvas, const Chart& chart, std::size_t position, std::span<const Point> points);

/// Bands, reference lines, series, and crossings with their drop lines; no text.
void draw_data(Canvas& canvas, const Chart& chart, const PlotArea& area);

/// Knows which parts of a plot area the data use, so that text can go elsewhere.
class FreeSpace {
 public:
  FreeSpace(const Chart& chart, const PlotArea& area);

  /// How much of a rectangle is in use; 0 if it is free.
  [[nodiscard]] int used(const Rectangle& place) const;
  /// The place that is in use least; the first of equals.
  [[nodiscard]] Rectangle freest(std::span<const Rectangle> places) const;
  /// Puts a place in use.
  void take(const Rectangle& place);

 private:
  Canvas sketch_;
  Rectangle frame_;
};

}  // namespace SOAP_ABI
}  // namespace soap
