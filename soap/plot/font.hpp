// Text on a canvas, in the font that the library carries within itself (DejaVu Sans unless built with
// another).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "soap/plot/canvas.hpp"

namespace soap {
inline namespace SOAP_ABI {

enum class Align { left, center, right };
enum class Direction { rightwards, upwards };

struct TextStyle {
  /// The font's nominal height.
  double size = 13;
  Color color{};
  /// Which part of the text stands at the given point, along the direction of writing.
  Align align = Align::left;
  Direction direction = Direction::rightwards;
};

/// The length of a line of UTF-8 text. Bytes that are not UTF-8 count as the replacement character.
double text_width(std::string_view text, double size);

/// The height of a capital letter above the baseline.
double capital_height(double size);

/// Draws one line of UTF-8 text with its baseline through the point.
void draw_text(Canvas& canvas, std::string_view text, Point at, const TextStyle& style);

/// Breaks a text into lines of at most `width`, at spaces where possible and within words where not.
std::vector<std::string> wrap_text(std::string_view text, double size, double width);

}  // namespace SOAP_ABI
}  // namespace soap
