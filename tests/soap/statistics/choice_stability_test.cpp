#include "soap/statistics/choice_stability.hpp"

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using doctest::Approx;
using soap::choice_shares;
using Rows = std::vector<std::vector<double>>;

TEST_CASE("shares of choices are those of all resamples") {
  const auto& figures = soap::reference_statistics().at("choices");
  auto accuracies = figures.at("accuracies").get<Rows>();
  const auto expected = figures.at("shares").get<std::vector<double>>();
  const auto close_to_all = [&](const std::vector<double>& shares) {
    REQUIRE(shares.size() == expected.size());
    for (std::size_t i = 0; i < shares.size(); ++i) CHECK(std::abs(shares[i] - expected[i]) < 0.02);
    CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == Approx(1));
    // A copy of an earlier choice is never taken.
    CHECK(shares[2] == 0);
  };
  const auto shares = choice_shares(accuracies);
  close_to_all(shares);
  CHECK(shares == choice_shares(accuracies));
  CHECK(shares != choice_shares(accuracies, {.seed = 2}));
  // Sums of shares are rounded, and ties must survive it.
  for (auto& row : accuracies) {
    for (double& accuracy : row) accuracy = accuracy / 1000 + 0.01;
  }
  close_to_all(choice_shares(accuracies));
}

TEST_CASE("a choice that cannot be made is refused") {
  CHECK_THROWS_AS(choice_shares({}), std::invalid_argument);
  CHECK_THROWS_AS(choice_shares(Rows{{}}), std::invalid_argument);
  CHECK_THROWS_AS(choice_shares(Rows{{1, 2}, {1}}), std::invalid_argument);
  CHECK_THROWS_AS(choice_shares(Rows{{1, std::nan("")}}), std::invalid_argument);
  CHECK_THROWS_AS(choice_shares(Rows{{1, 2}}, {.resamples = 0}), std::invalid_argument);
}
