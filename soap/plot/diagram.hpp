// Boxes and arrows.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "soap/plot/canvas.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A text in a frame, wrapped to its width.
struct DiagramBox {
  std::string text;
  Point center;  ///< in the panel, whose upper left corner is (0, 0)
  double width = 150;
  double height = 56;
  Color color = {};  ///< of the frame
};

struct DiagramArrow {
  std::size_t from = 0;  ///< positions of boxes
  std::size_t to = 0;
  std::string label = {};  ///< beside its middle
  Color color = {};
  bool cut = false;  ///< dashed, with a cross on it
};

struct DiagramPanel {
  std::string title = {};
  std::vector<DiagramBox> boxes = {};
  std::vector<DiagramArrow> arrows = {};
  std::string note = {};  ///< small print under it
};

/// Panels side by side, each of this size in units of `scale` pixels.
struct Diagram {
  std::vector<DiagramPanel> panels = {};
  double panel_width = 500;
  double panel_height = 330;
  double scale = 2;
};

/// Draws the diagram. Throws std::invalid_argument for arrows between boxes that are not there.
Image render(const Diagram& diagram);

}  // namespace SOAP_ABI
}  // namespace soap
