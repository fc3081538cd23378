#include "soap/statistics/best_of.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using doctest::Approx;
using Values = std::vector<double>;

TEST_CASE("the expected best is the mean over all draws") {
  const auto& figures = soap::reference_statistics().at("best_of");
  const auto values = figures.at("values").get<Values>();
  for (std::size_t trials = 1; trials <= values.size(); ++trials) {
    CHECK(soap::expected_best(values, trials) == Approx(figures.at("without")[trials - 1].get<double>()));
    CHECK(soap::expected_best_with_replacement(values, trials) ==
          Approx(figures.at("with")[trials - 1].get<double>()));
  }
  CHECK(soap::expected_best(values, values.size()) == 0.95);
  CHECK(soap::expected_best_with_replacement(values, 1000) == Approx(0.95));
  CHECK_THROWS_AS(soap::expected_best(values, 0), std::invalid_argument);
  CHECK_THROWS_AS(soap::expected_best(values, 7), std::invalid_argument);
  CHECK_THROWS_AS(soap::expected_best_with_replacement({}, 1), std::invalid_argument);
}

TEST_CASE("the area under a learning-rate curve is over the logarithm of the rate") {
  const auto& figures = soap::reference_statistics().at("best_of");
  const auto rates = figures.at("rates").get<Values>();
  CHECK(soap::mean_over_log_rate(rates, figures.at("accuracies").get<Values>()) ==
        Approx(figures.at("area").get<double>()));
  CHECK(soap::mean_over_log_rate(Values{0.01, 0.1, 1}, Values{0.5, 0.5, 0.5}) == Approx(0.5));
  CHECK_THROWS_AS(soap::mean_over_log_rate(Values{0.1}, Values{0.5}), std::invalid_argument);
  CHECK_THROWS_AS(soap::mean_over_log_rate(Values{0.1, 0.1}, Values{0.5, 0.5}), std::invalid_argument);
  CHECK_THROWS_AS(soap::mean_over_log_rate(Values{0, 0.1}, Values{0.5, 0.5}), std::invalid_argument);
  CHECK_THROWS_AS(soap::mean_over_log_rate(Values{0.1, 1}, Values{0.5}), std::invalid_argument);
}
