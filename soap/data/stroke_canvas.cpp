#include "soap/data/stroke_canvas.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Rows or columns whose centers lie in [low, high], clipped to the canvas.
struct Range {
  int first;
  int last;
};

Range pixels_between(float low, float high) {
  constexpr float end = StrokeCanvas::side - 1;
  return {static_cast<int>(std::ceil(std::clamp(low, 0.0F, end + 1))),
          static_cast<int>(std::floor(std::clamp(high, -1.0F, end)))};
}

constexpr float untouched = 1e6F;
// Lines are drawn this much further than their radius, in pixels: room for the widest soft edge.
constexpr float margin = 1.5F;

}  // namespace

StrokeCanvas::StrokeCanvas(float radius) : radius_(radius) { nearest_.fill(untouched); }

void StrokeCanvas::draw_line(PenPoint from, PenPoint to, float thickness) {
  const float radius = radius_ * thickness;
  const float reach = radius + margin;
  const auto [top, bottom] = pixels_between(std::min(from.y, to.y) - reach, std::max(from.y, to.y) + reach);
  const auto [left, right] = pixels_between(std::min(from.x, to.x) - reach, std::max(from.x, to.x) + reach);
  const float dx = to.x - from.x;
  const float dy = to.y - from.y;
  const float length_squared = dx * dx + dy * dy;
  const float per_length = length_squared > 0 ? 1 / length_squared : 0;
  const float per_radius = 1 / (radius * radius);
  for (int row = top; row <= bottom; ++row) {
    float* nearest = &nearest_[static_cast<std::size_t>(row) * side];
    const float y = static_cast<float>(row) - from.y;
    for (int column = left; column <= right; ++column) {
      const float x = static_cast<float>(column) - from.x;
      const float along = std::clamp((x * dx + y * dy) * per_length, 0.0F, 1.0F);
      const float away_x = x - along * dx;
      const float away_y = y - along * dy;
      nearest[column] = std::min(nearest[column], (away_x * away_x + away_y * away_y) * per_radius);
    }
  }
}

void StrokeCanvas::erase_disk(PenPoint center, float radius) {
  const auto [top, bottom] = pixels_between(center.y - radius, center.y + radius);
  const auto [left, right] = pixels_between(center.x - radius, center.x + radius);
  for (int row = top; row <= bottom; ++row) {
    for (int column = left; column <= right; ++column) {
      const float x = static_cast<float>(column) - center.x;
      const float y = static_cast<float>(row) - center.y;
      if (x * x + y * y <= radius * radius)
        nearest_[static_cast<std::size_t>(row * side + column)] = untouched;
    }
  }
}

void StrokeCanvas::render(float ink, float softness, std::span<std::uint8_t> pixels) const {
  if (pixels.size() != nearest_.size()) {
    throw std::invalid_argument("stroke canvas: found room for " + std::to_string(pixels.size()) +
                                " pixels, expected " + std::to_string(nearest_.size()));
  }
  if (!(softness > 0 && softness <= 2 * margin)) {
    throw std::invalid_argument("stroke canvas: found a softness of " + std::to_string(softness) +
                                " pixels, expected one above 0 and at most " + std::to_string(2 * margin));
  }
  for (std::size_t i = 0; i < nearest_.size(); ++i) {
    const float inside = (1 - std::sqrt(nearest_[i])) * radius_;  // depth below the line's edge, in pixels
    const float cover = std::clamp(inside / softness + 0.5F, 0.0F, 1.0F);
    pixels[i] = static_cast<std::uint8_t>(cover * ink + 0.5F);
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
