#include "soap/statistics/sign_flip.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/linalg/random.hpp"

#include "tests/support/statistics.hpp"

using doctest::Approx;
using soap::Alternative;
using soap::sign_flip_test;
using soap::smallest_sign_flip_p;

TEST_CASE("the sign-flip test counts the choices of signs that are as extreme") {
  // All 8 sums of 1, 2 and 3: ±6 once each, ±4, ±2 and 0 twice.
  CHECK(sign_flip_test(std::vector<double>{1, 2, 3}) == 2.0 / 8);
  CHECK(sign_flip_test(std::vector<double>{-1, -2, -3}) == 2.0 / 8);
  CHECK(sign_flip_test(std::vector<double>{-1, 2, 3}) == 4.0 / 8);
  CHECK(sign_flip_test(std::vector<double>{1, -2, 3}) == 6.0 / 8);
  CHECK(sign_flip_test(std::vector<double>{1, 2, -3}) == 1);
  // A pair without a difference is as extreme either way.
  CHECK(sign_flip_test(std::vector<double>{1, 2, 3, 0}) == 2.0 / 8);
  CHECK(sign_flip_test(std::vector<double>{0, 0}) == 1);
  CHECK(sign_flip_test(std::vector<double>{5}) == 1);
  CHECK(sign_flip_test({}) == 1);
}

TEST_CASE("Fisher's test of Darwin's maize gives his figure") {
  // Fisher (1935), section 21: of the 32,768 choices of signs, 1,726 have sums as far from 0 as 314.
  const std::vector<double> eighths{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  CHECK(sign_flip_test(eighths) == 1726.0 / 32768);
}

TEST_CASE("equal sums stay equal whatever the rounding") {
  // In tenths of thousandths, as accuracies are; whole numbers have exact sums.
  const std::vector<double> whole{12, -7, 31, 5, 5, -12, 40, 8, 19, -3, 27, 14};
  std::vector<double> shares = whole;
  for (double& share : shares) share = 0.9 + share / 10'000 - 0.9;
  CHECK(sign_flip_test(shares) == sign_flip_test(whole));
}

TEST_CASE("enumerated and drawn signs agree") {
  soap::Rng rng(3);
  std::vector<double> differences;
  for (int i = 0; i < 20; ++i) differences.push_back(0.4 + rng.normal());
  const double exact = sign_flip_test(differences);
  const double drawn = sign_flip_test(differences, {.most_enumerated = 0});
  CHECK(exact > 0);
  CHECK(drawn == Approx(exact).epsilon(0.1));
  // Beyond what is enumerated p is never 0.
  CHECK(sign_flip_test(std::vector<double>(70, 1.0)) == 1.0 / 100'001);
  CHECK(smallest_sign_flip_p(70) == 1.0 / 100'001);
}

TEST_CASE("few pairs cannot give a small p") {
  CHECK(smallest_sign_flip_p(0) == 1);
  CHECK(smallest_sign_flip_p(1) == 1);
  for (std::size_t pairs = 2; pairs <= 20; ++pairs) {
    CHECK(smallest_sign_flip_p(pairs) == sign_flip_test(std::vector<double>(pairs, 1.0)));
  }
  CHECK(smallest_sign_flip_p(5) == 0.0625);
  CHECK(smallest_sign_flip_p(6) == 0.03125);
}

TEST_CASE("p-values of all alternatives are those counted apart") {
  for (const auto& figures : soap::reference_statistics().at("sign_flips")) {
    CAPTURE(figures.dump());
    const auto values = figures.at("values").get<std::vector<double>>();
    CHECK(sign_flip_test(values) == figures.at("two_sided").get<double>());
    CHECK(sign_flip_test(values, {.alternative = Alternative::greater}) ==
          figures.at("greater").get<double>());
    CHECK(sign_flip_test(values, {.alternative = Alternative::less}) == figures.at("less").get<double>());
    CHECK(smallest_sign_flip_p(values) == figures.at("smallest").get<double>());
    CHECK(smallest_sign_flip_p(values, {.alternative = Alternative::less}) ==
          figures.at("smallest_greater").get<double>());
  }
}

TEST_CASE("one-sided drawn signs agree with enumerated ones") {
  soap::Rng rng(4);
  std::vector<double> differences;
  for (int i = 0; i < 16; ++i) differences.push_back(0.3 + rng.normal());
  for (const Alternative alternative : {Alternative::greater, Alternative::less}) {
    const double exact = sign_flip_test(differences, {.alternative = alternative});
    const double drawn = sign_flip_test(differences, {.alternative = alternative, .most_enumerated = 0});
    CHECK(drawn == Approx(exact).epsilon(0.1));
    CHECK(drawn != exact);
  }
}

TEST_CASE("pairs without a difference cannot decide anything") {
  CHECK(smallest_sign_flip_p(std::vector<double>{0, 0, 0}) == 1);
  CHECK(smallest_sign_flip_p(std::vector<double>{}) == 1);
  // Six pairs of which one is equal are five.
  CHECK(smallest_sign_flip_p(std::vector<double>{1, -2, 3, 0, 4, 5}) == 0.0625);
  // So does one whose rounded difference is all but 0.
  CHECK(smallest_sign_flip_p(std::vector<double>{1, -2, 3, 1e-17, 4, 5}) == 0.0625);
  std::vector<double> many(30, 0.0);
  CHECK(smallest_sign_flip_p(many) == 1);
  std::fill(many.begin(), many.begin() + 4, 1.0);
  CHECK(smallest_sign_flip_p(many) == 0.125);
  CHECK(smallest_sign_flip_p(std::vector<double>(30, -1.0)) == 1.0 / 100'001);
}

TEST_CASE("differences that are not finite are refused") {
  CHECK_THROWS_AS(sign_flip_test(std::vector<double>{1, std::numeric_limits<double>::infinity()}),
                  std::invalid_argument);
}
