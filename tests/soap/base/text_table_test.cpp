#include "soap/base/text_table.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using soap::text_table;

TEST_CASE("the first column stands left, the others right, as wide as their widest cell") {
  CHECK(text_table({"rule", "accuracy", "n"}, {{"bp", "9.5", "10000"}, {"feedback", "10.25", "1"}}) ==
        "rule      accuracy      n\n"
        "--------  --------  -----\n"
        "bp             9.5  10000\n"
        "feedback     10.25      1\n");
}

TEST_CASE("a code point is one place wide, and no line ends in spaces") {
  CHECK(text_table({"a", "b"}, {{"µ±µ", "1 ± 2"}, {"x", ""}}) ==
        "a        b\n"
        "---  -----\n"
        "µ±µ  1 ± 2\n"
        "x\n");
}

TEST_CASE("a table may have no rows, but no row with too few cells") {
  CHECK(text_table({"a", "bc"}, {}) == "a  bc\n-  --\n");
  CHECK_THROWS_AS(text_table({"a", "b"}, {{"1"}}), std::out_of_range);
}

TEST_CASE("a table that is too wide has its widest cells broken, where words and rules allow") {
  using soap::fitting_table;
  const std::vector<std::string> header = {"rule", "test accuracy %", "steps to loss 0.3"};
  const std::vector<std::vector<std::string>> rows = {{"sign:period=6400:scale=norm", "93.10 ± 0.12", "807"}};
  CHECK(fitting_table(header, rows, 63) == text_table(header, rows));
  CHECK(fitting_table(header, rows, 46) ==
        "rule                  test  steps to loss\n"
        "                accuracy %            0.3\n"
        "------------  ------------  -------------\n"
        "sign          93.10 ± 0.12            807\n"
        ":period=6400\n"
        ":scale=norm\n");
}
