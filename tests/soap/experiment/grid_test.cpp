#include "soap/experiment/grid.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

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

TEST_CASE("a range that is not one and a value that comes twice are refused by the flag's name") {
  for (const char* text : {"log:1:7", "log:1:0.1:3", "log:0:1:3", "lin:0:1:1", "lin:0:inf:3", "log:1:2:3:4",
                           "lin:a:1:3", "0.1,0.1", "log:1:1.001:4"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_values("--lr", text), doctest::Contains("--lr: found"), std::invalid_argument);
  }
}

TEST_CASE("a grid grows by the ratio of its last two values") {
  CHECK(soap::below_grid({0.01, 0.1, 1}) == 0.001);
  CHECK(soap::above_grid({0.01, 0.1, 1}) == 10);
  CHECK(soap::above_grid({0.1, 0.316, 1}) == 3.16);
}
