// Line charts: what to draw, and drawing it.
//
//   Figure figure;
//   figure.charts.push_back({.title = "Training", .x = {.label = "step"},
//                            .y = {.label = "loss", .scale = AxisScale::log},
//                            .series = {{.label = "bp", .x = steps, .y = losses}}});
//   write_png(figure, "training.png");
#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "soap/plot/axis.hpp"
#include "soap/plot/canvas.hpp"

namespace soap {
inline namespace SOAP_ABI {

enum class SeriesStyle { line, dashes, dots, dash_dots, points, crosses };
enum class MarkShape { disk, square, triangle, diamond };

/// A value that has no place on any axis.
inline constexpr double gap = std::numeric_limits<double>::quiet_NaN();

/// Values over x. A value without a place on its axis (a gap, infinite, or not positive on a log axis) is
/// left out and breaks the line; a 0 on an upright log axis gets a triangle at the floor, which the chart's
/// note explains.
struct Series {
  /// In the legend, unless empty.
  std::string label = {};
  std::vector<double> x = {};
  std::vector<double> y = {};
  /// The edges of a band around the line, one value each for every x, or none. x must then ascend.
  std::vector<double> band_low = {};
  std::vector<double> band_high = {};
  SeriesStyle style = SeriesStyle::line;
  /// Each point of a line gets a mark too.
  bool marks = false;
  /// Of the marks, unless they are crosses.
  double mark_radius = 2.6;
  /// Marks are rings: for what is less sure than the others.
  bool hollow = false;
  MarkShape shape = MarkShape::disk;
  /// Marks of a line, about evenly apart; 0: one for each point.
  std::size_t most_marks = 0;
  /// Else the next one of the palette; see soap/plot/palette.hpp.
  std::optional<Color> color = std::nullopt;
};

/// A dashed horizontal line.
struct ReferenceLine {
  double y = 0;
  std::string label = {};
};

/// A point on a curve, with a line dropped to the x axis and a label there.
struct CrossingMark {
  double x = 0;
  double y = 0;
  std::string label = {};
  /// Whose color to take: a position in Chart::series.
  std::size_t series = 0;
};

/// A short text beside a point, at the side with the most room.
struct PointLabel {
  double x = 0;
  double y = 0;
  std::string text = {};
  Color color = {};
};

struct Chart {
  std::string title = {};
  Axis x = {};
  Axis y = {};
  std::vector<Series> series = {};
  std::vector<ReferenceLine> reference_lines = {};
  std::vector<CrossingMark> crossings = {};
  std::vector<PointLabel> labels = {};
  /// Small print under the chart.
  std::string note = {};
};

enum class Arrangement { side_by_side, stacked, grid };

struct Figure {
  std::vector<Chart> charts = {};
  Arrangement arrangement = Arrangement::side_by_side;
  /// Charts in a row of a grid; the last row may have fewer.
  std::size_t columns = 3;
  /// Explained once under all charts: label, style and color of each. A color of none is the palette's next.
  std::vector<Series> legend = {};
  /// Small print under that.
  std::string note = {};
  /// Of the whole figure, in units of `scale` pixels: text is about 13 units high at any scale.
  double width = 900;
  double height = 560;
  double scale = 2;
};

/// What the legend and the note under all charts take of the figure's height.
double legend_height(const Figure& figure);

/// Draws the figure. A chart with more series than its legend has room for beside it gets one below, by which
/// the picture is higher. Throws std::invalid_argument for lists of different lengths, bands over x that does
/// not ascend, crossings of no series, limits that make no sense, and sizes below one pixel or above 32768.
Image render(const Figure& figure);

/// Draws the figure into a PNG file; throws as `render`, and IoError.
void write_png(const Figure& figure, const std::filesystem::path& path);

}  // namespace SOAP_ABI
}  // namespace soap
