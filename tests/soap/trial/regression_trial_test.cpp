#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "soap/data/gaussian_curve.hpp"
#include "soap/trial/trial.hpp"

using namespace soap;

namespace {

TrialOptions small_regression(const std::string& rule) {
  return {.rule = rule,
          .hidden = {20},
          .initializer = "pytorch_linear",
          .loss = "mean_squared_error",
          .lr = 0.1,
          .schedule = "cosine",
          .batch_size = 10,
          .epochs = 200,
          .log_interval = 50};
}

}  // namespace

TEST_CASE("trials with mean squared error fit a curve almost down to its noise, with and without transport") {
  const MatrixDataset train = noisy_gaussian_curve(500, 1, "gaussian curve, train");
  const MatrixDataset test = noisy_gaussian_curve(500, 1, "gaussian curve, test");
  constexpr double noise = gaussian_curve_noise * gaussian_curve_noise;
  for (const std::string rule : {"bp", "fa"}) {
    CAPTURE(rule);
    const TrialResult result = run_trial(small_regression(rule), train, test);
    CHECK(result.status == TrialStatus::finished);
    // A network that always says 0 has a loss of 0.047.
    REQUIRE(result.test.has_value());
    CHECK(result.test->loss < 2 * noise);
    CHECK(result.test->loss > 0.8 * noise);
    CHECK_FALSE(result.test->accuracy.has_value());
  }
}

TEST_CASE("a loss that does not exist is refused before training") {
  TrialOptions options = small_regression("bp");
  options.loss = "mean_square_error";
  CHECK_THROWS_WITH_AS(check_trial(options, 1, 1), doctest::Contains("mean_squared_error"),
                       std::invalid_argument);
}
