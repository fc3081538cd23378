#include "soap/sweep/grid.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/text.hpp"

using soap::parse_values;
using Values = std::vector<std::string>;

TEST_CASE("a list stands for its values, and a range for values a constant factor or step apart") {
  CHECK(parse_values("--lr", "0.1,0.03") == Values{"0.1", "0.03"});
  CHECK(parse_values("--optimizer", "sgd:momentum=0.9") == Values{"sgd:momentum=0.9"});
  CHECK(parse_values("--lr", "log:1e-3:1:7") ==
        Values{"0.001", "0.00316", "0.01", "0.0316", "0.1", "0.316", "1"});
  CHECK(parse_values("--momentum", "lin:0:0.9:4") == Values{"0", "0.3", "0.6", "0.9"});
  CHECK(parse_values("--batch-size", "log:16:256:5") == Values{"16", "32", "64", "128", "256"});
}

TEST_CASE("a range that is not one, or has a value twice, is refused by the flag's name") {
  for (const char* text : {"log:1:7", "log:1:0.1:3", "log:0:1:3", "lin:0:1:1", "lin:0:inf:3", "log:1:2:3:4",
                           "lin:a:1:3", "log:1:1.001:4", "log:1e-400:1:3"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_values("--lr", text), doctest::Contains("--lr: found"), std::invalid_argument);
  }
}

TEST_CASE("values have 3 digits at every magnitude, and the ends are as they were typed") {
  CHECK(parse_values("--lr", "log:1e-17:1e-12:6") ==
        Values{"1e-17", "1e-16", "1e-15", "1e-14", "1e-13", "1e-12"});
  CHECK(parse_values("--weight-decay", "log:1e-18:1e-2:3") == Values{"1e-18", "1e-10", "0.01"});
  CHECK(parse_values("--x", "log:1e-300:1e300:7") ==
        Values{"1e-300", "1e-200", "1e-100", "1", "1e+100", "1e+200", "1e+300"});
  CHECK(parse_values("--x", "lin:0:4e-300:4") == Values{"0", "1.33e-300", "2.67e-300", "4e-300"});
  CHECK(parse_values("--x", "lin:1e300:1.2e300:3") == Values{"1e+300", "1.1e+300", "1.2e+300"});
  CHECK(parse_values("--batch-size", "log:1024:4096:3") == Values{"1024", "2050", "4096"});
  CHECK(parse_values("--x", "lin:-0.1:0.2:4") == Values{"-0.1", "0", "0.1", "0.2"});
  for (int exponent = -300; exponent <= 300; exponent += 7) {
    CAPTURE(exponent);
    const auto power = [](int of_ten) { return std::stod("1e" + std::to_string(of_ten)); };
    CHECK(soap::below_grid({power(exponent), power(exponent + 1)}) == power(exponent - 1));
    CHECK(soap::above_grid({power(exponent - 1), power(exponent)}) == power(exponent + 1));
  }
}

TEST_CASE(
    "two spellings of one value are refused by both, and other values come back in their canonical form") {
  const auto number = [](const std::string& text) { return soap::to_text(soap::parse_number("--lr", text)); };
  CHECK(soap::distinct_values("--lr", {"0.10", "3e-1", "1"}, number) == Values{"0.1", "0.3", "1"});
  CHECK_THROWS_WITH_AS(soap::distinct_values("--lr", {"0.1", "0.3", "0.10"}, number),
                       "--lr: found '0.1' and '0.10', which are the same, expected different values",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(soap::distinct_values("--lr", {"1e-1", "0.3", "1e-1"}, number),
                       "--lr: found '1e-1' twice, expected different values", std::invalid_argument);
  CHECK_THROWS_WITH_AS(soap::distinct_values("--lr", {"a"}, number), "--lr: found 'a', expected a number",
                       std::invalid_argument);
}

TEST_CASE("a grid grows by the ratio of its last two values") {
  CHECK(soap::below_grid({0.01, 0.1, 1}) == 0.001);
  CHECK(soap::above_grid({0.01, 0.1, 1}) == 10);
  CHECK(soap::above_grid({0.1, 0.316, 1}) == 3.16);
}
