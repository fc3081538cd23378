#include "soap/base/text.hpp"

#include <cstdint>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

using soap::fixed;
using soap::join;
using soap::nearest_names;
using soap::parse_integer;
using soap::parse_number;
using soap::split;
using soap::to_text;
using soap::unknown_name;
using soap::with_thousands;

using Words = std::vector<std::string>;

TEST_CASE("the nearest names come first, equally near ones in their own order") {
  const Words names = {"relu", "tanh", "gelu", "identity"};
  CHECK(nearest_names("tahn", names) == Words{"tanh", "relu", "gelu"});
  CHECK(nearest_names("geluu", names, 1) == Words{"gelu"});
  CHECK(nearest_names("elu", names, 2) == Words{"relu", "gelu"});
  CHECK(nearest_names("", names, 9) == Words{"relu", "tanh", "gelu", "identity"});
  CHECK(nearest_names("x", {}).empty());
  // One insertion, one deletion and one substitution are all one step.
  CHECK(nearest_names("abc", Words{"ab", "abcd", "axc", "axx"}) == Words{"ab", "abcd", "axc"});
}

TEST_CASE("an unknown name is quoted with the nearest ones, if there are any") {
  CHECK(unknown_name("rule", "bq", Words{"fa", "bp"}) == "unknown rule 'bq' (nearest: bp, fa)");
  CHECK(unknown_name("rule", "bq", {}) == "unknown rule 'bq'");
}

TEST_CASE("split keeps empty parts, and join undoes it") {
  CHECK(split("a,bc,d", ',') == Words{"a", "bc", "d"});
  CHECK(split("", ',') == Words{""});
  CHECK(split(",a,", ',') == Words{"", "a", ""});
  CHECK(join(Words{}, ", ").empty());
  for (const std::string text : {"", "a", ",", "a,,b", ",a,"}) CHECK(join(split(text, ','), ",") == text);
}

TEST_CASE("numbers are written in the shortest form that reads back the same") {
  CHECK(to_text(0.1) == "0.1");
  CHECK(soap::scalar_text(soap::Scalar(0.1)) == "0.1");
  CHECK(soap::scalar_text(soap::Scalar(-2.5e-7)) == "-2.5e-07");
  CHECK(to_text(100) == "100");
  CHECK(to_text(0) == "0");
  // As people write them; far from 1 with an exponent.
  CHECK(to_text(0.0001) == "0.0001");
  CHECK(to_text(-1e-6) == "-0.000001");
  CHECK(to_text(2.5e-7) == "2.5e-07");
  CHECK(to_text(100000000) == "100000000");
  CHECK(to_text(1e15) == "1e+15");
  CHECK(to_text(-2.5e-300) == "-2.5e-300");
  for (const double value : {1.0 / 3, 1e308, 5e-324, 0.1 + 0.2, 123456789.123, 1e-6, 999999999999999.9}) {
    CAPTURE(value);
    CHECK(parse_number("value", to_text(value)) == value);
  }
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(to_text(nan) == "nan");
  CHECK(to_text(-nan) == "nan");
  CHECK(to_text(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("numbers with a fixed number of digits and with thousands") {
  CHECK(fixed(3.14159, 2) == "3.14");
  CHECK(fixed(2.999, 0) == "3");
  CHECK(fixed(-0.05, 3) == "-0.050");
  CHECK(fixed(1e20, 1) == "100000000000000000000.0");
  CHECK(with_thousands(0) == "0");
  CHECK(with_thousands(999) == "999");
  CHECK(with_thousands(1000) == "1,000");
  CHECK(with_thousands(-999) == "-999");
  CHECK(with_thousands(-1000) == "-1,000");
  CHECK(with_thousands(1234567) == "1,234,567");
  CHECK(with_thousands(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
}

TEST_CASE("a text that is not wholly a number is refused by name") {
  CHECK(parse_number("lr", "-1.5e-3") == -1.5e-3);
  CHECK(parse_integer("n", "-7") == -7);
  CHECK(parse_number("lr", "+0.1") == 0.1);
  CHECK(parse_integer("n", "+7") == 7);
  CHECK(parse_integer("n", "9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  for (const std::string text : {"", " 1", "1 ", "1x", "x", "+", "++1", "+-1", "1,5", "1e999", "--1"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_number("lr", text), ("lr: found '" + text + "', expected a number").c_str(),
                         std::invalid_argument);
  }
  for (const std::string text : {"", "1.0", "1e3", "0x10", "9223372036854775808"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_integer("n", text), ("n: found '" + text + "', expected an integer").c_str(),
                         std::invalid_argument);
  }
}
