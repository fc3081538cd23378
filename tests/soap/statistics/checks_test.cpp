// What no statistic is defined for is refused, and not turned into a figure that looks like one.
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/statistics/best_of.hpp"
#include "soap/statistics/deviation.hpp"
#include "soap/statistics/distributions.hpp"
#include "soap/statistics/equivalence.hpp"
#include "soap/statistics/family.hpp"
#include "soap/statistics/improvement.hpp"
#include "soap/statistics/moments.hpp"
#include "soap/statistics/power.hpp"
#include "soap/statistics/ranks.hpp"
#include "soap/statistics/sign_flip.hpp"

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("values that are no numbers are refused") {
  const std::vector<double> bad = {0.5, no_number, 0.25};
  const std::vector<double> good = {0.5, 0.25, 0.125};
  CHECK(refusal([&] { (void)soap::expected_best(bad, 2); }) ==
        "expected best: found a value of nan, expected finite ones");
  CHECK(refusal([&] { (void)soap::expected_best_with_replacement(bad, 2); }) ==
        "expected best: found a value of nan, expected finite ones");
  CHECK(refusal([&] {
          (void)soap::mean_over_log_rate(std::vector<double>{1, 2, infinity}, good);
        }) == "area under the learning-rate curve: found a rate of inf, expected finite ones");
  CHECK(refusal([&] {
          (void)soap::mean_over_log_rate(std::vector<double>{1, 2, 4}, bad);
        }) == "area under the learning-rate curve: found an accuracy of nan, expected finite ones");
  CHECK(refusal([&] { (void)soap::interquartile_mean(bad); }) ==
        "mean of the middle half: found a value of nan, expected numbers");
  CHECK(refusal([&] { (void)soap::probability_of_improvement(good, bad); }) ==
        "probability of improvement: found a run of nan, expected numbers");
  CHECK(refusal([&] { (void)soap::probability_of_improvement(bad, good); }) ==
        "probability of improvement: found a run of nan, expected numbers");
  CHECK(refusal([&] { (void)soap::share_improved(bad); }) ==
        "share of improved pairs: found a difference of nan, expected numbers");
  CHECK(refusal([&] {
          (void)soap::stratified_interval(std::vector{good, std::vector{1.0, infinity}});
        }) == "stratified interval: found a value of inf, expected finite ones");
  CHECK(refusal([&] { (void)soap::sign_flip_test(bad); }) ==
        "sign-flip test: found a difference of nan, expected finite ones");
  CHECK(refusal([&] { (void)soap::equivalence_p(good, infinity); }) ==
        "margin: found inf, expected a finite number above 0");
  CHECK(refusal([&] { (void)soap::sign_flip_power(10, no_number, 1); }) ==
        "power of a test: found a difference of nan, expected finite ones");
  CHECK(refusal([&] { (void)soap::detectable_difference(10, infinity); }) ==
        "power of a test: found a standard deviation of inf, expected a finite one above 0");
}

TEST_CASE("infinite values are sorted and compared as numbers") {
  const std::vector<double> diverged = {1, 2, infinity, 2, 1, 2, 1, 2};
  CHECK(soap::interquartile_mean(diverged) == 1.75);
  CHECK(soap::probability_of_improvement(diverged, std::vector<double>{3}) == 0.125);
  CHECK(soap::share_improved(std::vector<double>{infinity, -1}) == 0.5);
}

TEST_CASE("probabilities lie between 0 and 1") {
  for (const double p : {-0.1, 1.5, no_number}) {
    const std::string found = "family of tests: found a p of " + std::string(std::isnan(p) ? "nan"
                                                                             : p < 0       ? "-0.1"
                                                                                           : "1.5");
    CHECK(refusal([&] { (void)soap::holm(std::vector<double>{0.5, p}); }).starts_with(found));
    CHECK(refusal([&] {
            (void)soap::tarone_holm(std::vector<double>{0.5}, std::vector<double>{p}, 0.05);
          }).starts_with(found));
  }
  CHECK(refusal([] { (void)soap::tarone_holm({}, {}, 1); }) ==
        "family of tests: found level 1, expected one between 0 and 1");
}

TEST_CASE("deviations and degrees of freedom that cannot be") {
  CHECK(refusal([] { (void)soap::deviation_interval(-1, 4); }) ==
        "interval of a deviation: found a deviation of -1, expected a finite one of at least 0");
  CHECK(refusal([] { (void)soap::deviation_interval(1, 0); }) ==
        "interval of a deviation: found 0 degrees of freedom, expected at least 1");
  CHECK(refusal([] { (void)soap::student_t_above(0.5, 3); }) ==
        "Student's t: found a share of 0.5, expected one between 0 and 1/2");
  CHECK(refusal([] { (void)soap::student_t_below(1, 0); }) ==
        "Student's t: found 0 degrees of freedom, expected at least 1");
  CHECK(refusal([] { (void)soap::f_above(1, 0, 3); }) ==
        "F distribution: found 0 degrees of freedom, expected more than 0");
  CHECK(refusal([] { (void)soap::studentized_range_above(1, 1); }) ==
        "studentized range: found 1 values, expected at least 2");
  CHECK(refusal([] { (void)soap::noncentral_t_beyond(1, 0, 1); }) ==
        "noncentral t: found 0 degrees of freedom, expected at least 1");
  CHECK(refusal([] {
          (void)soap::regularized_beta(2, 1, 1);
        }).starts_with("incomplete beta function: found x = 2"));
}

TEST_CASE("a sign-flip test's options that no memory or division would bear") {
  const std::vector<double> differences(31, 1.0);
  CHECK(refusal([&] { (void)soap::sign_flip_test(differences, {.most_enumerated = 31}); }) ==
        "sign-flip test: found 31 pairs to enumerate, expected at most 30");
  CHECK(refusal([&] {
          (void)soap::smallest_sign_flip_p(31, {.most_enumerated = 20, .samples = -1});
        }).starts_with("sign-flip test: samples is -1, expected"));
  CHECK(refusal([&] {
          (void)soap::sign_flip_interval(differences, 0.95, {.samples = 0});
        }).starts_with("sign-flip test: samples is 0, expected"));
}
