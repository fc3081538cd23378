#include "soap/sweep/rate_grid.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "soap/sweep/grid.hpp"

using soap::RateGrid;
using soap::Selection;
using soap::TrialSetting;

namespace {

std::vector<TrialSetting> trials_at(const RateGrid& grid) {
  std::vector<TrialSetting> trials;
  for (const double rate : grid.rates()) {
    for (const char* optimizer : {"sgd", "adam"}) {
      TrialSetting& trial = trials.emplace_back();
      trial.options.optimizer = optimizer;
      trial.options.lr = grid.rate_for(rate, trial.options);
    }
  }
  return trials;
}

// Of one method of two.
std::vector<Selection> with_edge(const std::string& name, bool highest) {
  std::vector<Selection> selections(2);
  selections.front().edges = {{name, highest}};
  return selections;
}

RateGrid decades(bool relative) {
  RateGrid grid(relative);
  for (const double rate : {0.1, 0.001, 0.01, 0.1}) grid.add(rate);
  return grid;
}

}  // namespace

TEST_CASE("rates ascend, each once; relative ones keep their distance to the usual rate") {
  CHECK(decades(false).rates() == std::vector<double>{0.001, 0.01, 0.1});
  CHECK(decades(false).rate_for(0.1, {.optimizer = "adam"}) == 0.1);
  CHECK(decades(true).rate_for(0.1, {.optimizer = "sgd"}) == 0.1);
  CHECK(decades(true).rate_for(0.1, {.optimizer = "adam"}) == 0.01);
}

TEST_CASE("a grid grows for all trials where one's best lies at its edge") {
  for (const bool relative : {false, true}) {
    for (const bool highest : {false, true}) {
      RateGrid grid = decades(relative);
      auto trials = trials_at(grid);
      CHECK(grid.extend(trials, with_edge("lr", highest)));
      CHECK(grid.rates().size() == 4);
      CHECK((highest ? grid.rates().back() : grid.rates().front()) == (highest ? 1 : 0.0001));
      REQUIRE(trials.size() == 8);
      for (const std::size_t added : {6, 7})
        CHECK(trials[added].options.lr ==
              grid.rate_for(highest ? grid.rates().back() : grid.rates().front(), trials[added].options));
    }
  }
  RateGrid grid = decades(false);
  auto trials = trials_at(grid);
  CHECK_FALSE(grid.extend(trials, with_edge("momentum", true)));
  CHECK(trials.size() == 6);
}

TEST_CASE("a grid does not grow beyond numbers") {
  RateGrid grid;
  for (const double rate : {1e-200, 1e300}) grid.add(rate);
  std::vector<TrialSetting> trials(1);
  CHECK_FALSE(grid.extend(trials, with_edge("lr", true)));
  CHECK_FALSE(grid.extend(trials, with_edge("lr", false)));
  CHECK(grid.rates().size() == 2);
}

TEST_CASE("rates that are none, and a grid of one, are refused") {
  RateGrid grid;
  for (const double rate : {0.0, -1.0, std::nan("")}) CHECK_THROWS_AS(grid.add(rate), std::invalid_argument);
  grid.add(0.1);
  std::vector<TrialSetting> trials(1);
  CHECK_THROWS_WITH_AS(grid.extend(trials, with_edge("lr", true)),
                       "grid: found 1 numbers, expected two or more to go on from", std::invalid_argument);
  CHECK_THROWS_AS(soap::below_grid({0.2, 0.1}), std::invalid_argument);
  CHECK_THROWS_AS(soap::above_grid({0, 0.1}), std::invalid_argument);
}
