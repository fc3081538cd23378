#include "soap/plot/canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

namespace soap {
inline namespace SOAP_ABI {

namespace {

int pixel_count(double length, double scale) {
  constexpr double most = 32768;
  const double pixels = std::round(length * scale);
  if (!(pixels >= 1 && pixels <= most)) {
    throw std::invalid_argument("picture: a side is " + std::to_string(pixels) +
                                " pixels, expected 1 to 32768");
  }
  return static_cast<int>(pixels);
}

double overlap(double low, double high, int pixel) {
  return std::clamp(std::min(high, pixel + 1.0) - std::max(low, double(pixel)), 0.0, 1.0);
}

std::uint8_t to_byte(float part) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(part, 0.0F, 1.0F) * 255));
}

}  // namespace

Canvas::Canvas(double width, double height, double scale, Color background)
    : width_(pixel_count(width, scale)),
      height_(pixel_count(height, scale)),
      scale_(scale),
      clip_{0, 0, width_, height_},
      touched_{width_, height_, 0, 0},
      pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), background),
      mask_(pixels_.size(), 0) {}

// The pixels that an area, given in pixels, touches when it grows by a margin.
Canvas::PixelBox Canvas::pixels_of(const Rectangle& area, double margin) const {
  const auto within = [](double value, int low, int high) {
    return static_cast<int>(std::clamp(value, double(low), double(high)));
  };
  return {within(std::floor(area.left - margin), clip_.left, clip_.right),
          within(std::floor(area.top - margin), clip_.top, clip_.bottom),
          within(std::ceil(area.right + margin), clip_.left, clip_.right),
          within(std::ceil(area.bottom + margin), clip_.top, clip_.bottom)};
}

void Canvas::clip_to_all() { clip_ = {0, 0, width_, height_}; }

void Canvas::clip_to(const Rectangle& area) {
  clip_to_all();
  clip_ = pixels_of({std::round(area.left * scale_), std::round(area.top * scale_),
                     std::round(area.right * scale_), std::round(area.bottom * scale_)},
                    0);
}

double Canvas::snap(double coordinate) const { return std::round(coordinate * scale_) / scale_; }

float& Canvas::touch(int x, int y) {
  touched_.left = std::min(touched_.left, x);
  touched_.top = std::min(touched_.top, y);
  touched_.right = std::max(touched_.right, x + 1);
  touched_.bottom = std::max(touched_.bottom, y + 1);
  return mask_[index(x, y)];
}

void Canvas::cover_pixel(int x, int y, float coverage) {
  if (x < clip_.left || x >= clip_.right || y < clip_.top || y >= clip_.bottom || coverage <= 0) return;
  float& mask = touch(x, y);
  mask = std::max(mask, coverage);
}

void Canvas::cover(const Rectangle& area) {
  const Rectangle in_pixels{area.left * scale_, area.top * scale_, area.right * scale_, area.bottom * scale_};
  const PixelBox box = pixels_of(in_pixels, 0);
  for (int y = box.top; y < box.bottom; ++y) {
    const double covered = overlap(in_pixels.top, in_pixels.bottom, y);
    for (int x = box.left; x < box.right; ++x) {
      cover_pixel(x, y, static_cast<float>(covered * overlap(in_pixels.left, in_pixels.right, x)));
    }
  }
}

void Canvas::cover_disk(Point center, double radius) { cover_segment(center, center, 2 * radius); }

// A pixel's coverage is taken from the distance of its center to the segment.
void Canvas::cover_segment(Point from, Point to, double width) {
  const Point a = to_pixels(from);
  const Point b = to_pixels(to);
  // A line thinner than a pixel is drawn as wide as one and paler.
  const double reach = std::max(width * scale_, 1.0) / 2 + 0.5;
  const double strength = std::min(width * scale_, 1.0);
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length_squared = dx * dx + dy * dy;
  const PixelBox box =
      pixels_of({std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)}, reach);
  for (int y = box.top; y < box.bottom; ++y) {
    // Only the part of the segment that is near this row, so that long slanted lines stay cheap.
    double first = 0;
    double last = 1;
    if (dy != 0) {
      const double t1 = (y + 0.5 - reach - a.y) / dy;
      const double t2 = (y + 0.5 + reach - a.y) / dy;
      first = std::clamp(std::min(t1, t2), 0.0, 1.0);
      last = std::clamp(std::max(t1, t2), 0.0, 1.0);
    }
    const double x1 = a.x + first * dx;
    const double x2 = a.x + last * dx;
    const PixelBox row = pixels_of({std::min(x1, x2), 0, std::max(x1, x2), 0}, reach);
    for (int x = row.left; x < row.right; ++x) {
      const double px = x + 0.5 - a.x;
      const double py = y + 0.5 - a.y;
      const double t = length_squared > 0 ? std::clamp((px * dx + py * dy) / length_squared, 0.0, 1.0) : 0;
      const double distance = std::hypot(px - t * dx, py - t * dy);
      cover_pixel(x, y, static_cast<float>(strength * std::clamp(reach - distance, 0.0, 1.0)));
    }
  }
}

void Canvas::cover_line(std::span<const Point> points, double width) {
  if (points.size() == 1) cover_disk(points[0], width / 2);
  for (std::size_t i = 1; i < points.size(); ++i) cover_segment(points[i - 1], points[i], width);
}

void Canvas::cover_dashed_line(std::span<const Point> points, double width, std::span<const double> dashes) {
  const double period = std::accumulate(dashes.begin(), dashes.end(), 0.0);
  if (dashes.size() % 2 != 0 || !(period > 0)) {
    throw std::invalid_argument("dashed line: expected lengths of line and gap in pairs, above zero in sum");
  }
  if (points.size() == 1) cover_disk(points[0], width / 2);
  const double margin = width + 1 / scale_;
  double start = 0;  // along the whole line
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point a = points[i - 1];
    const Point b = points[i];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    if (!(length > 0)) continue;
    // The stretch within the clip area, from Liang and Barsky: a line may run far beyond it.
    double enter = 0;
    double leave = 1;
    const auto keep_below = [&](double slope, double room) {  // the t with slope * t <= room
      if (slope < 0) enter = std::max(enter, room / slope);
      if (slope > 0) leave = std::min(leave, room / slope);
      if (slope == 0 && room < 0) leave = -1;
    };
    keep_below(a.x - b.x, a.x - (clip_.left / scale_ - margin));
    keep_below(b.x - a.x, clip_.right / scale_ + margin - a.x);
    keep_below(a.y - b.y, a.y - (clip_.top / scale_ - margin));
    keep_below(b.y - a.y, clip_.bottom / scale_ + margin - a.y);
    const auto at = [&](double along) {
      const double t = (along - start) / length;
      return Point{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
    };
    const double end = start + leave * length;
    for (double cycle = std::floor((start + enter * length) / period) * period; cycle < end;
         cycle += period) {
      double piece = cycle;
      for (std::size_t k = 0; k < dashes.size(); k += 2) {
        const double from = std::max(piece, start + enter * length);
        const double to = std::min(piece + dashes[k], end);
        if (from <= to) cover_segment(at(from), at(to), width);
        piece += dashes[k] + dashes[k + 1];
      }
    }
    start += length;
  }
}

void Canvas::cover_band(std::span<const double> x, std::span<const double> low,
                        std::span<const double> high) {
  if (low.size() != x.size() || high.size() != x.size()) {
    throw std::invalid_argument("band: found lists of " + std::to_string(x.size()) + ", " +
                                std::to_string(low.size()) + " and " + std::to_string(high.size()) +
                                " values, expected one length");
  }
  if (x.size() < 2) return;
  constexpr int samples = 4;  // vertical slices of a pixel; within one, the two edges are taken exactly
  const int first = pixels_of({x.front() * scale_, 0, x.front() * scale_, 0}, 0).left;
  const int last = pixels_of({x.back() * scale_, 0, x.back() * scale_, 0}, 0).right;
  std::size_t i = 1;
  for (int column = first; column < last; ++column) {
    for (int sample = 0; sample < samples; ++sample) {
      const double at = (column + (sample + 0.5) / samples) / scale_;
      if (at < x.front() || at > x.back()) continue;
      while (x[i] < at) ++i;
      const double t = x[i] > x[i - 1] ? (at - x[i - 1]) / (x[i] - x[i - 1]) : 1;
      const double y1 = (low[i - 1] + t * (low[i] - low[i - 1])) * scale_;
      const double y2 = (high[i - 1] + t * (high[i] - high[i - 1])) * scale_;
      const PixelBox rows = pixels_of({0, std::min(y1, y2), 0, std::max(y1, y2)}, 0);
      for (int y = rows.top; y < rows.bottom; ++y) {
        float& mask = touch(column, y);
        mask += static_cast<float>(overlap(std::min(y1, y2), std::max(y1, y2), y) / samples);
      }
    }
  }
}

void Canvas::paint(Color color, double opacity) {
  for (int y = touched_.top; y < touched_.bottom; ++y) {
    for (int x = touched_.left; x < touched_.right; ++x) {
      float& mask = mask_[index(x, y)];
      const float share = std::min(mask, 1.0F) * static_cast<float>(opacity);
      mask = 0;
      Color& pixel = pixels_[index(x, y)];
      pixel.red += share * (color.red - pixel.red);
      pixel.green += share * (color.green - pixel.green);
      pixel.blue += share * (color.blue - pixel.blue);
    }
  }
  touched_ = {width_, height_, 0, 0};
}

Image Canvas::image() const {
  Image image{.width = width_, .height = height_, .rgb = {}};
  image.rgb.reserve(3 * pixels_.size());
  for (const Color& pixel : pixels_) {
    for (const float part : {pixel.red, pixel.green, pixel.blue}) image.rgb.push_back(to_byte(part));
  }
  return image;
}

}  // namespace SOAP_ABI
}  // namespace soap
