// Colors that readers with any kind of color vision can tell apart, and dashes for when they run out.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "soap/plot/canvas.hpp"

namespace soap::inline SOAP_ABI {

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

inline constexpr std::array<double, 2> long_dashes{7, 4.5};
inline constexpr std::array<double, 2> dots{0.1, 4};
inline constexpr std::array<double, 4> dash_dots{8, 4, 0.1, 4};

/// The dashes of the nth series: none in the first round of colors, then a pattern for each round.
constexpr std::span<const double> palette_dashes(std::size_t series) {
  switch (series / palette.size() % 4) {
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

}  // namespace soap::inline SOAP_ABI
