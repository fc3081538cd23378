#include "soap/statistics/improvement.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using doctest::Approx;
using Values = std::vector<double>;

TEST_CASE("the probability of improvement is Mann and Whitney's U over all pairs") {
  for (const auto& figures : soap::reference_statistics().at("means").at("improvement")) {
    CHECK(soap::probability_of_improvement(figures.at("a").get<Values>(), figures.at("b").get<Values>()) ==
          Approx(figures.at("improvement").get<double>()));
    CHECK(soap::share_improved(figures.at("differences").get<Values>()) ==
          Approx(figures.at("share").get<double>()));
  }
}

TEST_CASE("ties count half") {
  CHECK(soap::probability_of_improvement(Values{1, 2}, Values{1, 2}) == 0.5);
  CHECK(soap::probability_of_improvement(Values{3, 4}, Values{1, 2, 2}) == 1);
  CHECK(soap::probability_of_improvement(Values{1}, Values{1, 2}) == 0.25);
  CHECK(soap::share_improved(Values{0, 0, 1, -1}) == 0.5);
  CHECK_THROWS_AS(soap::probability_of_improvement(Values{1}, {}), std::invalid_argument);
  CHECK_THROWS_AS(soap::share_improved({}), std::invalid_argument);
}
