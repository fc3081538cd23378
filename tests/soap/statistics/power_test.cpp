#include "soap/statistics/power.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/linalg/random.hpp"
#include "soap/statistics/sign_flip.hpp"

#include "tests/support/statistics.hpp"

using doctest::Approx;
using soap::detectable_difference;
using soap::seeds_for;
using soap::sign_flip_power;

TEST_CASE("power, seeds and detectable differences are those of scipy's noncentral t") {
  const auto& figures = soap::reference_statistics().at("power");
  for (const auto& row : figures.at("power"))
    CHECK(std::abs(sign_flip_power(row[0], row[1], 1, row[2]) - row[3].get<double>()) < 1e-7);
  for (const auto& row : figures.at("seeds")) {
    CAPTURE(row.dump());
    CHECK(seeds_for(row[0], 1, row[1], row[2]) == row[3].get<std::size_t>());
  }
  for (const auto& row : figures.at("detectable"))
    CHECK(detectable_difference(row[0], 1, 0.05, row[1]).value() ==
          Approx(row[2].get<double>()).epsilon(1e-6));
}

TEST_CASE("the test finds differences about as often as its power says") {
  soap::Rng rng(9, "power");
  struct Case {
    std::size_t pairs;
    double difference;
  };
  for (const Case& made : {Case{6, 1.5}, Case{8, 1}, Case{10, 1}}) {
    CAPTURE(made.pairs);
    constexpr int repeats = 2000;
    int found = 0;
    std::vector<double> values(made.pairs);
    for (int repeat = 0; repeat < repeats; ++repeat) {
      for (double& value : values) value = made.difference + rng.normal();
      found += soap::sign_flip_test(values) < 0.05 ? 1 : 0;
    }
    const double share = static_cast<double>(found) / repeats;
    CHECK(std::abs(share - sign_flip_power(made.pairs, made.difference, 1)) < 0.05);
  }
}

TEST_CASE("too few pairs have no power at all") {
  CHECK(sign_flip_power(5, 1000, 1) == 0);
  CHECK(sign_flip_power(6, 1000, 1) == Approx(1));
  CHECK_FALSE(detectable_difference(5, 1));
  CHECK(seeds_for(1000, 1) == 6);
  // After looks more seeds are needed.
  CHECK(seeds_for(1000, 1, 0.0172) == 7);
  CHECK_FALSE(seeds_for(0, 1));
  // Units do not matter, nor does the sign.
  CHECK(seeds_for(-0.005, 0.01) == seeds_for(0.5, 1));
}

TEST_CASE("power that cannot be is refused") {
  CHECK_THROWS_AS(sign_flip_power(10, 1, 0), std::invalid_argument);
  CHECK_THROWS_AS(sign_flip_power(10, 1, 1, 0), std::invalid_argument);
  CHECK_THROWS_AS(seeds_for(1, 1, 0.05, 1), std::invalid_argument);
  CHECK_THROWS_AS(seeds_for(std::nan(""), 1), std::invalid_argument);
  CHECK_THROWS_AS(detectable_difference(10, -1), std::invalid_argument);
}
