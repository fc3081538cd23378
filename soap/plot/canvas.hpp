// An anti-aliased picture in memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// sRGB, each part in 0 ... 1.
struct Color {
  float red = 0;
  float green = 0;
  float blue = 0;

  friend bool operator==(const Color&, const Color&) = default;
};

/// A color as it is written on the web: color(0x0072B2).
constexpr Color color(std::uint32_t hex) {
  constexpr float full = 255;
  return {static_cast<float>(hex >> 16 & 0xFF) / full, static_cast<float>(hex >> 8 & 0xFF) / full,
          static_cast<float>(hex & 0xFF) / full};
}

/// x runs to the right and y downwards.
struct Point {
  double x = 0;
  double y = 0;
};

struct Rectangle {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;

  [[nodiscard]] double width() const { return right - left; }
  [[nodiscard]] double height() const { return bottom - top; }
};

/// RGB bytes, row by row from the top.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
};

/// Drawing takes two steps: the `cover` functions gather shapes in a mask, and `paint` lays one color over
/// the picture wherever the mask is covered. Shapes that overlap within one mask, such as the segments of a
/// line or the marks of a scatter plot, therefore never blend twice. All lengths are in units of `scale`
/// pixels, and coordinates must be finite.
class Canvas {
 public:
  Canvas(double width, double height, double scale, Color background);

  /// Covers only what lies within, rounded to whole pixels, until the next call.
  void clip_to(const Rectangle& area);
  void clip_to_all();

  void cover(const Rectangle& area);
  void cover_disk(Point center, double radius);
  /// A line through the points, with round joins and ends; one point gives a dot.
  void cover_line(std::span<const Point> points, double width);
  /// The same in pieces: `dashes` holds the lengths of line, gap, line, gap, ... between the round ends.
  void cover_dashed_line(std::span<const Point> points, double width, std::span<const double> dashes);
  /// The area between two lines over the same ascending x.
  void cover_band(std::span<const double> x, std::span<const double> low, std::span<const double> high);
  /// One pixel, counted in pixels; outside of the clip area nothing happens.
  void cover_pixel(int x, int y, float coverage);
  /// Paints what is covered, and clears the mask.
  void paint(Color color, double opacity = 1);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] double scale() const { return scale_; }
  /// The nearest edge between pixels, so that straight lines stay sharp.
  [[nodiscard]] double snap(double coordinate) const;
  /// The color of one pixel, counted in pixels.
  [[nodiscard]] Color pixel(int x, int y) const { return pixels_[index(x, y)]; }
  [[nodiscard]] Image image() const;

 private:
  struct PixelBox {
    int left, top, right, bottom;  // right and bottom are just outside
  };

  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }
  [[nodiscard]] Point to_pixels(Point point) const { return {point.x * scale_, point.y * scale_}; }
  [[nodiscard]] PixelBox pixels_of(const Rectangle& area, double margin) const;
  void cover_segment(Point from, Point to, double width);
  float& touch(int x, int y);

  int width_;
  int height_;
  double scale_;
  PixelBox clip_;
  PixelBox touched_;
  std::vector<Color> pixels_;
  std::vector<float> mask_;
};

}  // namespace SOAP_ABI
}  // namespace soap
