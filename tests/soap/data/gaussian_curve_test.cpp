#include "soap/data/gaussian_curve.hpp"

#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

using namespace soap;

TEST_CASE("the examples lie on the curve but for noise of the stated size") {
  CHECK(gaussian_curve(0) == 0);
  CHECK(gaussian_curve(0.5) == doctest::Approx(0.8 * std::exp(-0.49) * std::sin(1.0)));
  const MatrixDataset data = noisy_gaussian_curve(500, 1, "test");
  CHECK(data.size() == 500);
  CHECK(data.inputs()(0, 0) == -2);
  CHECK(data.inputs()(0, 499) == 2);
  double squares = 0;
  for (Index i = 0; i < 500; ++i) {
    squares += std::pow(static_cast<double>(data.targets()(0, i)) - gaussian_curve(data.inputs()(0, i)), 2);
  }
  CHECK(std::sqrt(squares / 500) == doctest::Approx(gaussian_curve_noise).epsilon(0.1));
}

TEST_CASE("the noise depends on seed and purpose") {
  const Matrix first = noisy_gaussian_curve(10, 1, "train").targets();
  CHECK(noisy_gaussian_curve(10, 1, "train").targets() == first);
  CHECK(noisy_gaussian_curve(10, 2, "train").targets() != first);
  CHECK(noisy_gaussian_curve(10, 1, "test").targets() != first);
  CHECK_THROWS_AS(noisy_gaussian_curve(1, 1, "train"), std::invalid_argument);
}
