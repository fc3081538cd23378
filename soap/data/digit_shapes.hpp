// How people write the ten digits: the skeletons that the synthetic digits are drawn along.
#pragma once

#include <cstddef>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A place in pixels; y points down.
struct PenPoint {
  float x = 0;
  float y = 0;
};

/// One movement of the pen through its points: a smooth curve, or straight lines with corners.
struct Stroke {
  enum class Line { smooth, straight };
  static constexpr std::size_t most_points = 16;
  Line line = Line::smooth;
  std::vector<PenPoint> points;
};

/// One way to write a digit, in a box of 12 x 20 pixels.
struct DigitShape {
  static constexpr float width = 12;
  static constexpr float height = 20;
  std::vector<Stroke> strokes;
};

/// The ways to write a digit, 0 <= digit <= 9; a more usual one may be listed twice.
const std::vector<DigitShape>& digit_shapes(int digit);

}  // namespace SOAP_ABI
}  // namespace soap
