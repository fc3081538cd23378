// Terminals: their size, text that fits into it, and lines at the bottom that are drawn again and again.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Of the terminal behind a file descriptor at this moment. What it does not say comes from COLUMNS and
/// LINES, and else is 80 x 24; at least 1 x 1.
ScreenSize screen_size(int descriptor);

/// How many columns UTF-8 text takes, each code point one.
std::size_t columns_of(std::string_view text);

/// The text, or as much of it as leaves a column for a final "…".
std::string clipped(std::string_view text, std::size_t columns);

/// The first of several wordings, the richest first, that fits into so many columns; else the last, clipped.
std::string first_fitting(std::span<const std::string> wordings, std::size_t columns);

/// Broken between words into lines of at most so many columns, where words allow; those after the first are
/// indented. Lines of the text stay lines; none at the end.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent = 0);

/// Lines at the bottom of a terminal, above the cursor. They never wrap or scroll: those too wide are
/// clipped, and what else is written comes in their place, between `erase` and `draw`.
class LiveLines {
 public:
  /// The stream is borrowed.
  explicit LiveLines(std::ostream& out) : out_(out) {}

  /// How many fit: the cursor takes the last row.
  static std::size_t most_lines(const ScreenSize& size) { return size.rows > 1 ? size.rows - 1 : 1; }
  /// In how many columns: a full row would wrap on some terminals.
  static std::size_t most_columns(const ScreenSize& size) { return size.columns > 1 ? size.columns - 1 : 1; }

  void erase();
  /// After `erase`; lines beyond those that fit are not drawn.
  void draw(std::span<const std::string> lines, const ScreenSize& size);
  /// Leaves what is drawn where it is.
  void keep() { drawn_ = 0; }

 private:
  std::ostream& out_;
  std::size_t drawn_ = 0;
};

}  // namespace SOAP_ABI
}  // namespace soap
