#include "soap/base/terminal.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/small_screen.hpp"

TEST_CASE("text is clipped to columns, not bytes") {
  CHECK(soap::columns_of("1 ± 2") == 5);
  CHECK(soap::clipped("1 ± 2", 5) == "1 ± 2");
  CHECK(soap::clipped("1 ± 2", 4) == "1 ±…");
  CHECK(soap::clipped("abc", 1) == "…");
  CHECK(soap::clipped("abc", 0).empty());
}

TEST_CASE("of several wordings the richest that fits is taken") {
  const std::vector<std::string> wordings = {"ten of twelve", "10 of 12", "10"};
  CHECK(soap::first_fitting(wordings, 13) == "ten of twelve");
  CHECK(soap::first_fitting(wordings, 12) == "10 of 12");
  CHECK(soap::first_fitting(wordings, 2) == "10");
  CHECK(soap::first_fitting(wordings, 1) == "…");
}

TEST_CASE("paragraphs wrap between words, and keep their lines") {
  CHECK(soap::wrapped("one two three", 7) == "one two\nthree");
  CHECK(soap::wrapped("one two three", 7, 2) == "one two\n  three");
  CHECK(soap::wrapped("a\nb c", 80) == "a\nb c");
  CHECK(soap::wrapped("immeasurable", 4) == "immeasurable");
  CHECK(soap::wrapped("± ± ±", 5) == "± ± ±");
}

TEST_CASE("live lines neither wrap nor scroll, and leave nothing behind") {
  std::ostringstream out;
  soap::LiveLines live(out);
  const soap::ScreenSize size{.columns = 10, .rows = 4};
  const std::vector<std::string> lines = {"a line too wide", "2", "3", "4", "5"};
  for (int i = 0; i < 3; ++i) {
    live.erase();
    live.draw(lines, size);
  }
  test::SmallScreen screen(size.columns, size.rows);
  screen.write(out.str());
  CHECK(screen.history() == std::vector<std::string>{"a line t…", "2", "3"});
  CHECK(screen.scrolled() == 0);
  live.erase();
  screen.write("\x1b[3A\r\x1b[J");
  CHECK(screen.history().empty());
}
