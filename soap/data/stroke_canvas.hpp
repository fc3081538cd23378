// Draws thick anti-aliased lines into a small gray image.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "soap/data/digit_shapes.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A square of 28 x 28 pixels; pixel (row, column) is centered at x = column, y = row.
class StrokeCanvas {
 public:
  static constexpr int side = 28;

  /// `radius` is half a usual line's thickness, in pixels.
  explicit StrokeCanvas(float radius);

  /// Draws a line with round ends, `thickness` times as thick as a usual one. What is outside is clipped.
  void draw_line(PenPoint from, PenPoint to, float thickness);
  /// Takes away what was drawn within a disk.
  void erase_disk(PenPoint center, float radius);
  /// Writes side x side gray values, row by row: 0 where nothing is drawn, `ink` within the lines, and
  /// between them at the edge, which is `softness` pixels wide.
  void render(float ink, float softness, std::span<std::uint8_t> pixels) const;

 private:
  // For every pixel the smallest squared distance to a line, in units of that line's radius.
  std::array<float, static_cast<std::size_t>(side) * side> nearest_;
  float radius_;
};

}  // namespace SOAP_ABI
}  // namespace soap
