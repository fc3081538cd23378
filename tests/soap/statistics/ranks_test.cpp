#include "soap/statistics/ranks.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "soap/linalg/random.hpp"

#include "tests/support/statistics.hpp"

using doctest::Approx;
using Rows = std::vector<std::vector<double>>;

TEST_CASE("ranks and Friedman's test are scipy's") {
  for (const auto& figures : soap::reference_statistics().at("ranks").at("friedman")) {
    const auto rows = figures.at("figures").get<Rows>();
    const auto ranks = soap::mean_ranks(rows);
    for (std::size_t i = 0; i < ranks.size(); ++i)
      CHECK(ranks[i] == Approx(figures.at("mean_ranks")[i].get<double>()));
    const soap::FriedmanTest test = soap::friedman_test(rows);
    CHECK(test.chi_square == Approx(figures.at("chi_square").get<double>()));
    CHECK(test.chi_square_p == Approx(figures.at("chi_square_p").get<double>()));
    CHECK(test.f_p == Approx(figures.at("f_p").get<double>()));
    if (!figures.at("f").is_null()) CHECK(test.f == Approx(figures.at("f").get<double>()));
  }
}

TEST_CASE("Demsar's example has his figures") {
  // Demsar (2006), section 3.2.2: mean ranks 3.143, 2.000, 2.893, 1.964, and a critical difference of 1.25.
  const auto rows = soap::reference_statistics().at("ranks").at("friedman")[0].at("figures").get<Rows>();
  const auto ranks = soap::mean_ranks(rows);
  CHECK(ranks[0] == Approx(3.143).epsilon(1e-3));
  CHECK(ranks[1] == Approx(2.000).epsilon(1e-3));
  CHECK(ranks[2] == Approx(2.893).epsilon(1e-3));
  CHECK(ranks[3] == Approx(1.964).epsilon(1e-3));
  CHECK(soap::nemenyi_critical_difference(4, 14) == Approx(1.25).epsilon(5e-3));
}

TEST_CASE("critical differences are those of the studentized range, however many methods") {
  for (const auto& row : soap::reference_statistics().at("ranks").at("critical_difference"))
    CHECK(soap::nemenyi_critical_difference(row[0], row[1], row[2]) ==
          Approx(row[3].get<double>()).epsilon(1e-5));
}

TEST_CASE("without any differences ranks are equal and p is 1") {
  const soap::FriedmanTest test = soap::friedman_test(Rows{{1, 1, 1}, {2, 2, 2}});
  CHECK(test.chi_square_p == 1);
  CHECK(test.f_p == 1);
  const soap::FriedmanTest unanimous = soap::friedman_test(Rows{{3, 2, 1}, {6, 5, 4}});
  CHECK(std::isinf(unanimous.f));
  CHECK(unanimous.f_p == 0);
}

TEST_CASE("the stratified interval is that of all resamples") {
  const auto& figures = soap::reference_statistics().at("stratified");
  const auto values = figures.at("values").get<Rows>();
  const soap::Interval found = soap::stratified_interval(values);
  CHECK(std::abs(found.low - figures.at("interval")[0].get<double>()) < 1e-3);
  CHECK(std::abs(found.high - figures.at("interval")[1].get<double>()) < 1e-3);
  CHECK(found == soap::stratified_interval(values));
  CHECK(soap::stratified_interval(Rows{{1, 1}, {3, 3}}) == soap::Interval{2, 2});
}

TEST_CASE("ranks that cannot be are refused") {
  CHECK_THROWS_AS(soap::mean_ranks({}), std::invalid_argument);
  CHECK_THROWS_AS(soap::mean_ranks(Rows{{1, 2}, {1}}), std::invalid_argument);
  CHECK_THROWS_AS(soap::mean_ranks(Rows{{1, std::nan("")}}), std::invalid_argument);
  CHECK_THROWS_AS(soap::friedman_test(Rows{{1}, {2}}), std::invalid_argument);
  CHECK_THROWS_AS(soap::friedman_test(Rows{{1, 2}}), std::invalid_argument);
  CHECK_THROWS_AS(soap::nemenyi_critical_difference(1, 5), std::invalid_argument);
  CHECK_THROWS_AS(soap::nemenyi_critical_difference(3, 5, 0), std::invalid_argument);
  CHECK_THROWS_AS(soap::stratified_interval({}), std::invalid_argument);
  CHECK_THROWS_AS(soap::stratified_interval(Rows{{1, 2}, {1}}), std::invalid_argument);
  CHECK_THROWS_AS(soap::stratified_interval(Rows{{1, 2}}, {.resamples = 10}), std::invalid_argument);
}
