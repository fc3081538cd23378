#include "soap/statistics/looks.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using soap::look_level;
using soap::look_levels;

namespace {

using Seeds = std::vector<std::size_t>;

}  // namespace

TEST_CASE("levels of looks are those of an integration worked out apart") {
  for (const auto& figures : soap::reference_statistics().at("looks")) {
    CAPTURE(figures.dump());
    const auto looks = figures.at("looks").get<Seeds>();
    const auto found = look_levels(looks, figures.at("alpha"));
    REQUIRE(found.size() == looks.size());
    for (std::size_t i = 0; i < looks.size(); ++i) {
      const double expected = figures.at("levels")[i];
      CHECK(std::abs(found[i] - expected) < 1e-5);
      CHECK(found[i] == doctest::Approx(expected).epsilon(1e-3));
    }
    CHECK(look_level(looks, figures.at("alpha")) == found.back());
  }
}

TEST_CASE("a single look may spend seven tenths of the level, whatever its seeds") {
  CHECK(look_level(Seeds{10}) == 0.7 * 0.05);
  CHECK(look_level(Seeds{123}, 0.01) == 0.7 * 0.01);
}

TEST_CASE("what was decided at a look does not change when more follow") {
  const auto few = look_levels(Seeds{10, 15});
  const auto more = look_levels(Seeds{10, 15, 16, 40});
  CHECK(few[0] == more[0]);
  CHECK(few[1] == doctest::Approx(more[1]).epsilon(1e-6));
}

TEST_CASE("looks that cannot be are refused") {
  CHECK_THROWS_WITH_AS(look_level(Seeds{10, 10}),
                       "looks: found 10 seeds after 10, expected more at each look", std::invalid_argument);
  CHECK_THROWS_AS(look_level({}), std::invalid_argument);
  CHECK_THROWS_AS(look_level(Seeds{0, 5}), std::invalid_argument);
  CHECK_THROWS_AS(look_level(Seeds{10}, 1), std::invalid_argument);
}
