#include "soap/report/report_words.hpp"

#include <doctest/doctest.h>

using soap::points_text;

TEST_CASE("differences have a sign, and an interval's end keeps its side of zero") {
  CHECK(points_text(0.0123) == "+1.23");
  CHECK(points_text(-0.00001) == "0.00");
  CHECK(points_text(soap::Interval{-0.0045, -0.00004}) == "-0.45 to -0.0040");
  CHECK(points_text(soap::Interval{0.00002, 0.01}) == "+0.0020 to +1.00");
  CHECK(points_text(soap::Interval{-1e-12, 0.01}) == "0.00 to +1.00");
}

TEST_CASE("lists and counts read as sentences do") {
  CHECK(soap::list_of({"a", "b", "c"}) == "a, b and c");
  CHECK(soap::list_of({"a"}) == "a");
  CHECK(soap::count_of(1, "seed", "seeds") == "1 seed");
  CHECK(soap::count_of(2, "seed", "seeds") == "2 seeds");
}
