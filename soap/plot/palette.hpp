// Colors that readers with any kind of color vision can tell apart, and dashes and marks for when they run
// out.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "soap/plot/canvas.hpp"
#include "soap/plot/chart.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What everything is drawn on, and text in two strengths.
inline constexpr Color white = color(0xFFFFFF);
inline constexpr Color ink = color(0x222222);
inline constexpr Color pale_ink = color(0x555555);

/// Okabe and Ito, "Color Universal Design" (2008), without the yellow, which is too pale for lines on white.
inline constexpr std::array<Color, 7> palette{
    color(0x0072B2),  // blue
    color(0xD55E00),  // vermillion
    color(0x009E73),  // bluish green
    color(0xCC79A7),  // reddish purple
    color(0xE69F00),  // orange
    color(0x56B4E9),  // sky blue
    color(0x000000),  // black
};

constexpr Color palette_color(std::size_t series) { return palette[series % palette.size()]; }

/// How often the colors have been gone through before the nth series.
constexpr std::size_t palette_round(std::size_t series) { return series / palette.size(); }

/// Shapes for rounds of colors where dashes mean something else, or there is no line: four rounds, 28 series.
constexpr MarkShape round_shape(std::size_t round) {
  constexpr std::array shapes{MarkShape::disk, MarkShape::square, MarkShape::triangle, MarkShape::diamond};
  return shapes[round % shapes.size()];
}

/// Enough marks to see which line it is, and few enough to see the line.
inline constexpr std::size_t few_marks = 9;
inline constexpr double telling_radius = 3.6;

inline constexpr std::array<double, 2> long_dashes{7, 4.5};
inline constexpr std::array<double, 2> dots{0.1, 4};
inline constexpr std::array<double, 4> dash_dots{8, 4, 0.1, 4};

/// Rounds of colors until the dashes begin again; then marks come to them.
inline constexpr std::size_t dash_rounds = 4;

/// The dashes of the nth series: none in the first round of colors, then a pattern for each round.
constexpr std::span<const double> palette_dashes(std::size_t series) {
  switch (palette_round(series) % dash_rounds) {
    case 1:
      return long_dashes;
    case 2:
      return dots;
    case 3:
      return dash_dots;
    default:
      return {};
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
