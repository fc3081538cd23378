#include "soap/data/synthetic_digits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "soap/data/digit_shapes.hpp"
#include "soap/data/stroke_canvas.hpp"
#include "soap/linalg/random.hpp"
#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr int side = StrokeCanvas::side;
constexpr int digits = 10;
constexpr Index most_images = 10'000'000;
// Measured over the 60,000 training images of seed 1.
constexpr Normalization measured{.mean = 0.1602, .standard_deviation = 0.3052};

// Everything is drawn in float in both builds, so that both see the same images. The sizes of the distortions
// below are chosen so that a 784-256-10 network learns these digits about as well and as fast as MNIST's.
float normal(Rng& rng) { return static_cast<float>(rng.normal()); }
float uniform(Rng& rng, float low, float high) { return static_cast<float>(rng.uniform(low, high)); }

// Where a shape comes to lie on the image: linear part * (point - middle of the shape) + center.
struct Placement {
  float xx;
  float xy;
  float yx;
  float yy;
  PenPoint center;

  [[nodiscard]] PenPoint operator()(PenPoint p) const {
    const float x = p.x - DigitShape::width / 2;
    const float y = p.y - DigitShape::height / 2;
    return {xx * x + xy * y + center.x, yx * x + yy * y + center.y};
  }
};

Placement draw_placement(Rng& rng, float mess) {
  const float angle = 0.10F * mess * normal(rng);   // radians
  const float slant = 0.12F + 0.20F * normal(rng);  // pixels to the right per pixel up
  const float wide = 1.05F + 0.13F * std::clamp(normal(rng), -2.0F, 2.0F);
  const float high = 0.97F + 0.06F * normal(rng);
  const float shift_x = 0.85F * normal(rng);
  const float shift_y = 0.85F * normal(rng);
  const float middle = (side - 1) / 2.0F;
  const float c = std::cos(angle);
  const float s = std::sin(angle);
  // Scaled, then slanted, then turned.
  return {.xx = c * wide,
          .xy = (-c * slant - s) * high,
          .yx = s * wide,
          .yy = (-s * slant + c) * high,
          .center = {middle + shift_x, middle + shift_y}};
}

// The point a fraction t of the way from b to c, on the Catmull-Rom spline through a, b, c and d.
PenPoint spline(PenPoint a, PenPoint b, PenPoint c, PenPoint d, float t) {
  const auto blend = [t](float p, float q, float r, float s) {
    return q + 0.5F * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
  };
  return {blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)};
}

// `jitter` is the standard deviation, in pixels, by which each point misses its place.
void draw_stroke(const Stroke& stroke, const Placement& place, float jitter, Rng& rng, StrokeCanvas& canvas) {
  std::array<PenPoint, Stroke::most_points> points{};
  const std::size_t count = stroke.points.size();
  for (std::size_t i = 0; i < count; ++i) {
    const PenPoint p = place(stroke.points[i]);
    points[i] = {p.x + jitter * normal(rng), p.y + jitter * normal(rng)};
  }
  const auto change = [&rng] { return std::exp(0.12F * normal(rng)); };
  float thickness = change();
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const float next_thickness = std::clamp(thickness * change(), 0.6F, 1.5F);
    // At its ends the curve goes on as if the first and the last point were there twice.
    const PenPoint before = points[i == 0 ? 0 : i - 1];
    const PenPoint after = points[std::min(i + 2, count - 1)];
    const int pieces = stroke.line == Stroke::Line::smooth ? 5 : 1;
    PenPoint from = points[i];
    for (int piece = 1; piece <= pieces; ++piece) {
      const float t = static_cast<float>(piece) / static_cast<float>(pieces);
      const PenPoint to = spline(before, points[i], points[i + 1], after, t);
      canvas.draw_line(from, to, thickness + t * (next_thickness - thickness));
      from = to;
    }
    thickness = next_thickness;
  }
}

// Adds to every pixel a uniform number of at most `amplitude` gray levels either way.
void add_noise(unsigned amplitude, Rng& rng, std::span<std::uint8_t> pixels) {
  for (std::size_t i = 0; i < pixels.size();) {
    std::uint64_t bits = rng.bits();
    for (int byte = 0; byte < 8 && i < pixels.size(); ++byte, bits >>= 8U, ++i) {
      const int noise =
          static_cast<int>((bits & 255U) * (2 * amplitude + 1) >> 8U) - static_cast<int>(amplitude);
      pixels[i] = static_cast<std::uint8_t>(std::clamp(pixels[i] + noise, 0, 255));
    }
  }
}

// Draws one image and returns its label.
std::uint8_t draw_digit(Rng& rng, std::span<std::uint8_t> pixels) {
  const auto label = static_cast<int>(rng.below(digits));
  const auto& shapes = digit_shapes(label);
  const DigitShape& shape = shapes[rng.below(shapes.size())];

  // Most people write neatly and some do not: one factor for all that goes wrong in an image.
  const float mess = std::min(std::exp(0.45F * normal(rng)), 2.5F);
  const Placement place = draw_placement(rng, mess);
  StrokeCanvas canvas(std::clamp(1.4F * std::exp(0.25F * normal(rng)), 0.7F, 2.3F));
  for (const Stroke& stroke : shape.strokes) draw_stroke(stroke, place, 0.7F * mess, rng, canvas);
  if (rng.uniform() < 0.15) {
    const PenPoint gap{uniform(rng, 0, DigitShape::width), uniform(rng, 0, DigitShape::height)};
    canvas.erase_disk(place(gap), uniform(rng, 1.5F, 3.0F));
  }
  // One draw a statement: the order in which a call's arguments are evaluated is the compiler's choice.
  const float ink = uniform(rng, 215, 255);
  const float softness = uniform(rng, 1.0F, 1.6F);
  canvas.render(ink, softness, pixels);
  add_noise(static_cast<unsigned>(rng.below(25)), rng, pixels);
  return static_cast<std::uint8_t>(label);
}

ImageDataset draw_set(Index count, std::uint64_t seed, std::string_view stream) {
  LabeledImages images{.shape = {.channels = 1, .height = side, .width = side},
                       .classes = digits,
                       .normalization = measured,
                       .name = "synthetic digits"};
  const Index size = images.shape.size();
  images.pixels.resize(static_cast<std::size_t>(count * size));
  images.labels.resize(static_cast<std::size_t>(count));
  parallel_for(count, count * size, [&](Index i) {
    Rng rng(seed, stream, static_cast<std::uint64_t>(i));
    const std::span pixels(images.pixels.data() + i * size, static_cast<std::size_t>(size));
    images.labels[static_cast<std::size_t>(i)] = draw_digit(rng, pixels);
  });
  return ImageDataset(std::move(images));
}

}  // namespace

TrainTest synthetic_digits(const SyntheticDigitsOptions& options) {
  for (const Index count : {options.train, options.test}) {
    if (count < 1 || count > most_images) {
      throw std::invalid_argument("synthetic digits: found a request for " + std::to_string(count) +
                                  " images, expected 1 ... " + std::to_string(most_images));
    }
  }
  return {draw_set(options.train, options.seed, "synthetic digits"),
          draw_set(options.test, options.seed, "synthetic test digits")};
}

}  // namespace SOAP_ABI
}  // namespace soap
