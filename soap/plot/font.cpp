#include "soap/plot/font.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#define STB_TRUETYPE_IMPLEMENTATION
#define STBTT_STATIC
#include <stb_truetype.h>

namespace soap::embedded {

// Defined by cmake/embed_font.cmake; the same for both builds of the library.
extern const char font_bytes[];
extern const std::size_t font_size;

}  // namespace soap::embedded

namespace soap {
inline namespace SOAP_ABI {

namespace {

const stbtt_fontinfo& font() {
  static const stbtt_fontinfo loaded = [] {
    stbtt_fontinfo info{};
    const auto* bytes = reinterpret_cast<const unsigned char*>(embedded::font_bytes);
    const int offset = embedded::font_size > 0 ? stbtt_GetFontOffsetForIndex(bytes, 0) : -1;
    if (offset < 0 || stbtt_InitFont(&info, bytes, offset) == 0) {
      throw std::runtime_error("plot: the font that the library was built with is not a TrueType font");
    }
    return info;
  }();
  return loaded;
}

constexpr int replacement_character = 0xFFFD;

// Takes the first code point off a UTF-8 text that is not empty.
int next_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  std::size_t length = 0;
  if (lead < 0x80) length = 1;
  if (lead >= 0xC2 && lead < 0xE0) length = 2;
  if (lead >= 0xE0 && lead < 0xF0) length = 3;
  if (lead >= 0xF0 && lead < 0xF5) length = 4;
  bool valid = length > 0 && length <= text.size();
  int code = length == 1 ? lead : lead & (0x7F >> length);
  for (std::size_t i = 1; valid && i < length; ++i) {
    valid = (byte(i) & 0xC0) == 0x80;
    code = code << 6 | (byte(i) & 0x3F);
  }
  text.remove_prefix(valid ? length : 1);
  return valid ? code : replacement_character;
}

// Calls `place(glyph, x)` for every glyph, x in font units from the start; returns the length of the text.
template <class Place>
int lay_out(std::string_view text, Place place) {
  int x = 0;
  int previous = 0;
  while (!text.empty()) {
    const int glyph = stbtt_FindGlyphIndex(&font(), next_code_point(text));
    if (previous != 0) x += stbtt_GetGlyphKernAdvance(&font(), previous, glyph);
    place(glyph, x);
    int advance = 0;
    int bearing = 0;
    stbtt_GetGlyphHMetrics(&font(), glyph, &advance, &bearing);
    x += advance;
    previous = glyph;
  }
  return x;
}

double units_to(double size) {
  return static_cast<double>(stbtt_ScaleForMappingEmToPixels(&font(), static_cast<float>(size)));
}

}  // namespace

double text_width(std::string_view text, double size) {
  return lay_out(text, [](int, int) {}) * units_to(size);
}

double capital_height(double size) {
  int left = 0;
  int bottom = 0;
  int right = 0;
  int top = 0;
  stbtt_GetCodepointBox(&font(), 'H', &left, &bottom, &right, &top);
  return top * units_to(size);
}

void draw_text(Canvas& canvas, std::string_view text, Point at, const TextStyle& style) {
  const double width = text_width(text, style.size);
  const double before = style.align == Align::left ? 0 : style.align == Align::right ? width : width / 2;
  const bool upwards = style.direction == Direction::upwards;
  // In pixels. The baseline is put between two rows of pixels, which keeps letters sharp.
  const double along = ((upwards ? -at.y : at.x) - before) * canvas.scale();
  const int baseline = static_cast<int>(std::lround((upwards ? at.x : at.y) * canvas.scale()));
  const double unit = units_to(style.size * canvas.scale());
  std::vector<unsigned char> bitmap;
  lay_out(text, [&](int glyph, int offset) {
    const double position = along + offset * unit;
    const double whole = std::floor(position);
    const auto scale = static_cast<float>(unit);
    const auto shift = static_cast<float>(position - whole);
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    stbtt_GetGlyphBitmapBoxSubpixel(&font(), glyph, scale, scale, shift, 0, &left, &top, &right, &bottom);
    if (right <= left || bottom <= top) return;
    const int columns = right - left;
    const int rows = bottom - top;
    bitmap.assign(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0);
    stbtt_MakeGlyphBitmapSubpixel(&font(), bitmap.data(), columns, rows, columns, scale, scale, shift, 0,
                                  glyph);
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        const float coverage =
            static_cast<float>(bitmap[static_cast<std::size_t>(row * columns + column)]) / 255;
        const int u = static_cast<int>(whole) + left + column;
        const int v = baseline + top + row;
        if (upwards) {
          canvas.cover_pixel(v, -u - 1, coverage);
        } else {
          canvas.cover_pixel(u, v, coverage);
        }
      }
    }
  });
  canvas.paint(style.color);
}

std::vector<std::string> wrap_text(std::string_view text, double size, double width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t fits = 0;        // bytes of the longest start of the text that fits
    std::size_t last_space = 0;  // within it
    std::string_view rest = text;
    while (!rest.empty()) {
      const bool space = rest.front() == ' ';
      next_code_point(rest);
      const std::size_t taken = text.size() - rest.size();
      if (space) last_space = taken;
      // At least one character a line, however narrow; a space may hang over the end.
      if (!space && fits > 0 && text_width(text.substr(0, taken), size) > width) break;
      fits = taken;
    }
    const std::size_t line = fits == text.size() || last_space == 0 ? fits : last_space;
    std::string_view words = text.substr(0, line);
    while (words.ends_with(' ')) words.remove_suffix(1);
    if (!words.empty()) lines.emplace_back(words);
    text.remove_prefix(line);
  }
  return lines;
}

}  // namespace SOAP_ABI
}  // namespace soap
