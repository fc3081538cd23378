#include "soap/base/terminal.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ostream>

#include <sys/ioctl.h>

#include "soap/base/foreign_text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::size_t from_environment(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  if (text == nullptr) return otherwise;
  const std::string_view digits(text);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  return whole && number > 0 ? number : otherwise;
}

std::string wrapped_line(std::string_view line, std::size_t columns, std::size_t indent) {
  std::string text;
  std::size_t used = 0;
  bool first = true;
  while (true) {
    const std::size_t space = line.find(' ');
    const std::string_view word = line.substr(0, space);
    const std::size_t width = columns_of(word);
    if (!first && used + 1 + width > columns) {
      text.append("\n").append(indent, ' ');
      used = indent;
    } else if (!first) {
      text += ' ';
      ++used;
    }
    text += word;
    used += width;
    first = false;
    if (space == std::string_view::npos) return text;
    line.remove_prefix(space + 1);
  }
}

}  // namespace

ScreenSize screen_size(int descriptor) {
  const ScreenSize usual;
  winsize size{};
  const bool answered = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0;
  return {.columns = answered && size.ws_col > 0 ? size.ws_col : from_environment("COLUMNS", usual.columns),
          .rows = answered && size.ws_row > 0 ? size.ws_row : from_environment("LINES", usual.rows)};
}

std::size_t columns_of(std::string_view text) {
  return text.size() -
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_code_point));
}

std::string clipped(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  std::size_t end = 0;
  for (std::size_t kept = 0; kept + 1 < columns; ++kept) {
    ++end;
    while (end < text.size() && continues_code_point(text[end])) ++end;
  }
  return std::string(text.substr(0, end)) + "\u2026";
}

std::string first_fitting(std::span<const std::string> wordings, std::size_t columns) {
  for (const std::string& wording : wordings) {
    if (columns_of(wording) <= columns) return wording;
  }
  return wordings.empty() ? "" : clipped(wordings.back(), columns);
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  std::string lines;
  while (true) {
    const std::size_t end = text.find('\n');
    lines += wrapped_line(printable(text.substr(0, end)), columns, indent);
    if (end == std::string_view::npos) return lines;
    lines += '\n';
    text.remove_prefix(end + 1);
  }
}

void LiveLines::erase() {
  if (drawn_ > 0) out_ << "\x1b[" << drawn_ << "A\r\x1b[J";
  drawn_ = 0;
}

void LiveLines::draw(std::span<const std::string> lines, const ScreenSize& size) {
  drawn_ = std::min(lines.size(), most_lines(size));
  for (const std::string& line : lines.first(drawn_)) out_ << clipped(line, most_columns(size)) << '\n';
  out_ << std::flush;
}

}  // namespace SOAP_ABI
}  // namespace soap
