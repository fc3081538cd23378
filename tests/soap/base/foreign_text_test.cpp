#include "soap/base/foreign_text.hpp"

#include <string>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/base/text_table.hpp"

using soap::in_quotes;
using soap::markdown_code;
using soap::markdown_text;
using soap::printable;
using soap::shell_command;

TEST_CASE("what a terminal would obey is shown, and all other text is left alone") {
  for (const std::string text : {"", "sign:period=6400", "caf\xc3\xa9 \xc2\xb1 1 %",
                                 "\xe2\x82\xac \xf0\x9f\x98\x80", "a\\b", "\\x1b[31m"}) {
    CAPTURE(text);
    CHECK(printable(text) == text);
  }
  CHECK(printable("\x1b[31mred\x1b[0m\n") == "\\x1b[31mred\\x1b[0m\\x0a");
  CHECK(printable(std::string("a\0b\x7f", 4)) == "a\\x00b\\x7f");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\xc2\\x9b31m");
  CHECK(printable("\xe2\x80\xae"
                  "abc\xe2\x81\xa6\xe2\x80\xa8") ==
        "\\xe2\\x80\\xae"
        "abc\\xe2\\x81\\xa6\\xe2\\x80\\xa8");
  CHECK(printable("caf\xe9") == "caf\\xe9");
  CHECK(printable("\xc3") == "\\xc3");
  CHECK(printable(printable("\x1b\xff")) == printable("\x1b\xff"));
}

TEST_CASE("UTF-8 is what the standard says, no longer forms and no halves of pairs") {
  for (const std::string text : {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                 "\xef\xbf\xbd", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    CHECK(soap::is_utf8(text));
  for (const std::string text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3",
                                 "\xc3"
                                 "a",
                                 "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82", "\xf0\x8f\xbf\xbf",
                                 "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
    CHECK_FALSE(soap::is_utf8(text));
}

TEST_CASE("messages, tables and quotes show foreign text as text") {
  CHECK(std::string(soap::IoError("\x1b[2J.csv", 3, "a\nb", "c\x07").what()) ==
        "\\x1b[2J.csv: at byte 3 found a\\x0ab, expected c\\x07");
  CHECK(soap::IoError("caf\xe9", 3, "a", "b").path() == "caf\xe9");
  CHECK(soap::text_table({"rule"}, {{"\x1b[31m"}}) == "rule\n--------\n\\x1b[31m\n");
  CHECK(in_quotes("a\tb") == "'a\\x09b'");
  CHECK(in_quotes(std::string(60, 'x')) == "'" + std::string(60, 'x') + "'");
  // Not through the middle of a character.
  CHECK(in_quotes(std::string(59, 'x') + "\xc3\xa9") == "'" + std::string(59, 'x') + "...'");
}

TEST_CASE("nothing in a text is Markdown or HTML") {
  CHECK(markdown_text("softmax_cross_entropy, sgd:momentum=0.9, lr 0.1") ==
        "softmax_cross_entropy, sgd:momentum=0.9, lr 0.1");
  CHECK(markdown_text("<script>&amp;") == "&lt;script&gt;&amp;amp;");
  CHECK(markdown_text("[a](b) *c* _d_ `e` ~~f~~ \\") ==
        "\\[a\\](b) \\*c\\* \\_d\\_ \\`e\\` \\~\\~f\\~\\~ \\\\");
  CHECK(markdown_text("a\n# b") == "a\\\\x0a# b");
  CHECK(markdown_code("<b>|*") == "`<b>|*`");
  CHECK(markdown_code("a`b``c\n") == "``` a`b``c\\x0a ```");
}

TEST_CASE("words of a command are quoted for the shell where they need it") {
  CHECK(shell_command({"a/b", "--lr", "log:1e-3:1:7"}) == "a/b --lr log:1e-3:1:7");
  CHECK(shell_command({"", "a b", "$HOME", "*", "it's"}) == "'' 'a b' '$HOME' '*' 'it'\\''s'");
  CHECK(shell_command({"tab\tnew\nline's\\"}) == "$'tab\\011new\\012line\\'s\\\\'");
  CHECK(shell_command({"caf\xc3\xa9", "caf\xe9", "\xc2\x9b"}) == "'caf\xc3\xa9' $'caf\\351' $'\\302\\233'");
}
