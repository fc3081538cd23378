// Texts that anybody may have written, made harmless for the place where they are shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The bytes of the valid UTF-8 sequence that a text starts with; 0 where it starts with none.
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);

/// For terminals and messages: what a terminal would obey, control characters and changes of the direction of
/// writing, and bytes that are no UTF-8 appear as "\x1b". All else stays, also in a text that this has made.
std::string printable(std::string_view text);

/// A text within a message: in quotes, printable, and no longer than a line.
std::string in_quotes(std::string_view text);

/// For Markdown: printable, with everything that Markdown or HTML would take for markup as a character.
std::string markdown_text(std::string_view text);
/// The same as code, "`text`", between as many backticks as it takes.
std::string markdown_code(std::string_view text);

/// A command as a shell reads it: words with other than plain characters in quotes.
std::string shell_command(const std::vector<std::string>& words);

/// A number as std::from_chars takes it, which knows no plus sign: "0.1" for "+0.1".
std::string_view without_plus(std::string_view number);

}  // namespace SOAP_ABI
}  // namespace soap
