#include "soap/sweep/budget.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using soap::TrialOptions;
using soap::within_budget;

namespace {

// Six rates in each of two problems.
std::vector<TrialOptions> two_problems() {
  std::vector<TrialOptions> grid;
  for (const std::int64_t epochs : {1, 2}) {
    for (const double lr : {0.01, 0.02, 0.05, 0.1, 0.2, 0.5}) grid.push_back({.lr = lr, .epochs = epochs});
  }
  return grid;
}

std::vector<double> rates_of(const std::vector<TrialOptions>& trials, std::int64_t epochs) {
  std::vector<double> rates;
  for (const TrialOptions& trial : trials)
    if (trial.epochs == epochs) rates.push_back(trial.lr);
  return rates;
}

const std::vector<std::uint64_t> two_seeds = {7, 8};

}  // namespace

TEST_CASE("a budget keeps as many choices of each problem as it pays for, the same of all") {
  const auto grid = two_problems();
  std::vector<double> before;
  for (const std::size_t trials : {2, 5, 8, 11}) {
    const auto kept = within_budget(grid, {.trials = trials, .who = "--budget"}, two_seeds);
    const auto rates = rates_of(kept, 1);
    CHECK(rates.size() == trials / 2);
    CHECK(rates == rates_of(kept, 2));
    for (const double rate : before) CHECK(std::count(rates.begin(), rates.end(), rate) == 1);
    before = rates;
  }
  CHECK(within_budget(grid, {.trials = 1000, .who = "--budget"}, two_seeds).size() == grid.size());
  CHECK(
      rates_of(within_budget(grid, {.trials = 4, .who = "--budget"}, std::vector<std::uint64_t>{1, 2}), 1) !=
      rates_of(within_budget(grid, {.trials = 4, .who = "--budget"}, std::vector<std::uint64_t>{3, 4}), 1));
}

TEST_CASE("halving pays for more choices") {
  // Four choices with one seed each, and the better two with a second one.
  CHECK(within_budget(two_problems(), {.trials = 6, .who = "--budget", .halving = true}, two_seeds).size() ==
        8);
}

TEST_CASE("a budget below one choice is refused by the name of who gave it") {
  CHECK_THROWS_WITH_AS(within_budget(two_problems(), {.trials = 1, .who = "--budget"}, two_seeds),
                       "--budget: found 1, expected at least 2, one setting with each seed",
                       std::invalid_argument);
  CHECK_THROWS_AS(within_budget({}, {.trials = 1, .who = "budget"}, two_seeds), std::invalid_argument);
  CHECK_THROWS_AS(within_budget(two_problems(), {.trials = 1, .who = "budget"}, {}), std::invalid_argument);
}
