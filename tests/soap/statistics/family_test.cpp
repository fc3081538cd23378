#include "soap/statistics/family.hpp"

#include <optional>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using doctest::Approx;
using soap::holm;
using soap::tarone_holm;

namespace {

using Values = std::vector<double>;

}  // namespace

TEST_CASE("Holm's correction steps down from the smallest p") {
  const auto corrected = holm(std::vector<double>{0.01, 0.04, 0.03, 0.005});
  REQUIRE(corrected.size() == 4);
  CHECK(corrected[3] == Approx(0.02));  // 4 x 0.005
  CHECK(corrected[0] == Approx(0.03));  // 3 x 0.01
  CHECK(corrected[2] == Approx(0.06));  // 2 x 0.03
  CHECK(corrected[1] == Approx(0.06));  // 1 x 0.04, but not below the one before
  CHECK(holm(std::vector<double>{0.7, 0.6}) == std::vector<double>{1, 1});
  CHECK(holm({}).empty());
}

TEST_CASE("tests that cannot reach the level leave the family") {
  // Two of 6 pairs could give 1/32; the third, with 4, could not.
  const auto corrected = tarone_holm(Values{0.03125, 0.0469, 0.125}, Values{0.03125, 0.03125, 0.125}, 0.07);
  REQUIRE(corrected.size() == 3);
  CHECK(corrected[0] == Approx(0.0625));
  CHECK(corrected[1] == Approx(0.0625));
  CHECK_FALSE(corrected[2]);
  // One test less in the family: K is 1, because at 0.05 only one can reach the level.
  CHECK(tarone_holm(Values{0.03125, 0.5}, Values{0.03125, 0.0625}, 0.05) ==
        std::vector<std::optional<double>>{0.03125, std::nullopt});
  // A smaller level, after looks, lets fewer in.
  CHECK(tarone_holm(Values{0.03125}, Values{0.03125}, 0.02) ==
        std::vector<std::optional<double>>{std::nullopt});
  CHECK(tarone_holm({}, {}, 0.05).empty());
}

TEST_CASE("families worked out apart come out the same") {
  for (const auto& figures : soap::reference_statistics().at("families")) {
    CAPTURE(figures.dump());
    const auto p = figures.at("p").get<Values>();
    const auto corrected = tarone_holm(p, figures.at("smallest").get<Values>(), figures.at("level"));
    const Values plain = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      CHECK(plain[i] == Approx(figures.at("holm")[i].get<double>()));
      const auto& expected = figures.at("tarone_holm")[i];
      REQUIRE(corrected[i].has_value() == !expected.is_null());
      if (corrected[i]) CHECK(*corrected[i] == Approx(expected.get<double>()));
    }
  }
}

TEST_CASE("a family that cannot be is refused") {
  CHECK_THROWS_WITH_AS(tarone_holm(Values{0.1, 0.2}, Values{0.1}, 0.05),
                       "family of tests: found 1 smallest p-values, expected 2", std::invalid_argument);
  CHECK_THROWS_AS(tarone_holm(Values{0.1}, Values{0.1}, 0), std::invalid_argument);
}
