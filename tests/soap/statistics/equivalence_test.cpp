#include "soap/statistics/equivalence.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using soap::equivalence_p;
using soap::noninferiority_p;

TEST_CASE("equivalence and non-inferiority have the p-values counted apart") {
  for (const auto& figures : soap::reference_statistics().at("sign_flips")) {
    CAPTURE(figures.dump());
    const auto values = figures.at("values").get<std::vector<double>>();
    CHECK(noninferiority_p(values, figures.at("margin")) == figures.at("noninferiority").get<double>());
    CHECK(equivalence_p(values, figures.at("margin")) == figures.at("equivalence").get<double>());
  }
}

TEST_CASE("differences within the margin are equivalent, those at it are not") {
  const std::vector<double> small{0.1, -0.2, 0.1, 0, -0.1, 0.2};
  CHECK(equivalence_p(small, 0.5) == 1.0 / 64);
  CHECK(noninferiority_p(small, 0.5) == 1.0 / 64);
  // All worse by just the margin: no sign is less likely than another.
  CHECK(noninferiority_p(std::vector<double>(6, -0.5), 0.5) == 1);
  // Better by far is not inferior, but not equivalent either.
  const std::vector<double> better(6, 3.0);
  CHECK(noninferiority_p(better, 0.5) == 1.0 / 64);
  CHECK(equivalence_p(better, 0.5) == 1);
}

TEST_CASE("a margin that is none is refused") {
  CHECK_THROWS_WITH_AS(equivalence_p(std::vector<double>{1}, 0),
                       "margin: found 0, expected a finite number above 0", std::invalid_argument);
  CHECK_THROWS_AS(noninferiority_p(std::vector<double>{1}, std::nan("")), std::invalid_argument);
}
