#include "soap/base/significant.hpp"

#include <limits>

#include <doctest/doctest.h>

using soap::significant;
using soap::significant_with_spread;

TEST_CASE("numbers of any size have as many digits as asked for") {
  CHECK(significant(0.25131) == "0.2513");
  CHECK(significant(0.00025131) == "0.0002513");
  CHECK(significant(0.000025131) == "2.513e-05");
  CHECK(significant(2.30258) == "2.303");
  CHECK(significant(9.99996) == "10.00");
  CHECK(significant(44.4776) == "44.48");
  CHECK(significant(123456) == "123456");
  CHECK(significant(44477646.8394) == "4.448e+07");
  CHECK(significant(0) == "0.000");
  CHECK(significant(-2.30258, 2) == "-2.3");
  CHECK(significant(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("a number and its spread have the same places") {
  CHECK(significant_with_spread(0.25131, 0.00271) == "0.2513 ± 0.0027");
  CHECK(significant_with_spread(2.30258, 0.00271) == "2.303 ± 0.003");
  CHECK(significant_with_spread(0.0001, 1.5) == "0.000 ± 1.500");
  CHECK(significant_with_spread(44477646.8394, 120000) == "4.448e+07 ± 1.2e+05");
}
