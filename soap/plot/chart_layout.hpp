// Where the parts of a chart go.
#pragma once

#include <string>
#include <vector>

#include "soap/plot/axis.hpp"
#include "soap/plot/canvas.hpp"
#include "soap/plot/chart.hpp"
#include "soap/plot/plot_area.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Sizes of text, and the distance from one line of it to the next.
inline constexpr double title_size = 16;
inline constexpr double label_size = 14;
inline constexpr double tick_size = 13;
inline constexpr double note_size = 12;
inline constexpr double line_spacing = 1.35;

/// Between what is drawn and the edge of its cell.
inline constexpr double page_margin = 14;

/// A label that stands at the x axis beside the line dropped there.
struct CrossingLabel {
  std::string text;
  Color color;
  Rectangle box;
};

/// The lines of a tick's label: names on an upright axis are wrapped.
std::vector<std::string> tick_lines(const Tick& tick);

struct ChartLayout {
  PlotArea area;
  std::vector<std::string> title;
  std::vector<std::string> x_label;
  std::vector<std::string> y_label;
  std::vector<std::string> note;
  std::vector<Tick> x_ticks;
  std::vector<Tick> y_ticks;
  std::vector<CrossingLabel> crossing_labels;
};

/// Measures all text, so that none of it is cut off, and gives the rest of `cell` to the plot area;
/// `right_room` of it stays free at the right, for a legend outside.
ChartLayout lay_out(const Chart& chart, const Rectangle& cell, double right_room);

}  // namespace SOAP_ABI
}  // namespace soap
