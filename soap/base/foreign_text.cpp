#include "soap/base/foreign_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Control characters beyond ASCII, line separators, and those that turn the direction of writing around.
bool commands_a_terminal(std::string_view sequence) {
  if (sequence.size() == 1) return is_control(sequence.front());
  if (sequence.size() == 2) return byte_at(sequence, 0) == 0xC2 && byte_at(sequence, 1) < 0xA0;
  if (!sequence.starts_with("\xE2\x80") && !sequence.starts_with("\xE2\x81")) return false;
  const std::uint8_t last = byte_at(sequence, 2);
  return byte_at(sequence, 1) == 0x80 ? last >= 0xA8 && last <= 0xAE : last >= 0xA6 && last <= 0xA9;
}

std::string escaped(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    text.append("\\x").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
  }
  return text;
}

// An underscore within a word is one in Markdown too.
bool within_a_word(std::string_view text, std::size_t at) {
  return at > 0 && at + 1 < text.size() && is_letter_or_digit(text[at - 1]) &&
         is_letter_or_digit(text[at + 1]);
}

std::string shell_word(const std::string& word) {
  constexpr std::string_view plain = "_@%+=:,./-";
  const auto is_plain = [&](char c) {
    return is_letter_or_digit(c) || plain.find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  const bool by_code = printable(word) != word;
  std::string text = by_code ? "$'" : "'";
  for (const char c : word) {
    if (is_control(c) || (by_code && static_cast<unsigned char>(c) >= 0x80)) {
      std::array<char, 5> octal{};
      std::snprintf(octal.data(), octal.size(), "\\%03o",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      text += octal.data();
    } else if (by_code) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    } else {
      text += c == '\'' ? "'\\''" : std::string(1, c);
    }
  }
  return text + '\'';
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const std::uint8_t lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xC0U) != 0x80) return 0;
  }
  // Longer than needed, half of a pair of UTF-16, or beyond the last character.
  const std::uint8_t next = byte_at(text, 1);
  const bool wrong = (lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) ||
                     (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F);
  return wrong ? 0 : length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || commands_a_terminal(sequence)) {
      shown += escaped(sequence);
    } else {
      shown += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return shown;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::size_t shown = 0;
  while (shown < text.size()) {
    const std::size_t next = shown + std::max<std::size_t>(utf8_length(text.substr(shown)), 1);
    if (next > longest) break;
    shown = next;
  }
  return std::string("'").append(printable(text.substr(0, shown))).append(shown < text.size() ? "...'" : "'");
}

std::string markdown_text(std::string_view text) {
  const std::string shown = printable(text);
  std::string escaped;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else {
      const bool markup = std::string_view("\\`*[]~").find(c) != std::string_view::npos ||
                          (c == '_' && !within_a_word(shown, i));
      if (markup) escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

std::string markdown_code(std::string_view text) {
  const std::string shown = printable(text);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const std::string space = longest > 0 ? " " : "";
  return std::string(fence).append(space).append(shown).append(space).append(fence);
}

std::string shell_command(const std::vector<std::string>& words) {
  std::vector<std::string> quoted(words.size());
  std::transform(words.begin(), words.end(), quoted.begin(), shell_word);
  return join(quoted, " ");
}

std::string_view without_plus(std::string_view number) {
  const bool signed_twice = number.size() > 1 && (number[1] == '+' || number[1] == '-');
  return number.starts_with('+') && !signed_twice ? number.substr(1) : number;
}

}  // namespace SOAP_ABI
}  // namespace soap
