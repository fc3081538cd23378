#include "soap/learn/secant.hpp"

#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

Matrix sent(const SecantOptions& options, const Matrix& g1, Matrix g2, Scalar eta) {
  Secant secant(options);
  secant.subtract(g1, g2);
  secant.divide(g1, eta, g2);
  return g2;
}

}  // namespace

TEST_CASE("what the secant sends down follows the reference") {
  const auto& figures = golden().at("activity_propagation");
  const Matrix g1 = golden_transposed(figures.at("g1"));
  const double eta = figures.at("lr").get<double>() / static_cast<double>(g1.size());
  const double bias = figures.at("curvature_bias").get<double>();
  const Matrix found =
      sent({.damping = bias}, g1, golden_transposed(figures.at("g2")), static_cast<Scalar>(eta));
  CHECK(largest_difference(found, golden_transposed(figures.at("emitted"))) < golden_tolerance);
  CHECK(largest_difference(-static_cast<Scalar>(eta) * g1, golden_transposed(figures.at("perturbation"))) <
        golden_tolerance);
}

TEST_CASE("without damping the secant divides a gradient by its curvature") {
  // Of the quadratic loss Σ h·z²/2: g1 = h·z and g2 = (1 - eta·h)·g1.
  const Scalar eta(0.25);
  Matrix h(3, 2);
  h << 1, 2, 0.5, -4, 3, 1;
  Matrix z(3, 2);
  z << 1, -1, 2, 0.5, -0.25, 4;
  const Matrix g1 = h.cwiseProduct(z);
  const Matrix g2 = g1.cwiseProduct(Matrix::Ones(3, 2) - eta * h);
  const double tolerance = 100 * Eigen::NumTraits<Scalar>::epsilon();
  CHECK(largest_difference(sent({.damping = 0}, g1, g2, eta), z) < tolerance);
  const Matrix downhill = h.array().sign().matrix().cwiseProduct(z);
  CHECK(largest_difference(sent({.damping = 0, .sign = CurvatureSign::absolute}, g1, g2, eta), downhill) <
        tolerance);
  CHECK(largest_difference(sent({.damping = 0, .relative = true}, g1, g2, eta), z) < tolerance);
}

TEST_CASE("relative damping makes the secant's answer independent of the loss's scale") {
  const Matrix g1 = random_matrix(5, 7, 1);
  const Matrix g2 = random_matrix(5, 7, 2);
  const Scalar scale(1.0 / 1024);
  for (const CurvatureSign sign : {CurvatureSign::kept, CurvatureSign::absolute}) {
    const SecantOptions options{.damping = 0.5, .relative = true, .sign = sign};
    CHECK(same_bits(sent(options, g1, g2, 1), sent(options, scale * g1, scale * g2, 1 / scale)));
  }
}

TEST_CASE("the absolute secant never sends a unit up the loss") {
  const Matrix g1 = random_matrix(5, 40, 3);
  const Matrix g2 = random_matrix(5, 40, 4);
  for (const bool relative : {false, true}) {
    const auto uphill = [&](CurvatureSign sign) {
      const Matrix found = sent({.relative = relative, .sign = sign}, g1, g2, 1);
      return (found.array() * g1.array() < 0).count();
    };
    CHECK(uphill(CurvatureSign::kept) > 0);
    CHECK(uphill(CurvatureSign::absolute) == 0);
  }
}

TEST_CASE("an averaged secant finds each unit's curvature in noise that has nothing to do with g1") {
  const Index batch = 3;
  Matrix g1(2, batch);
  g1 << 1, 2, -1, 3, 0.5, 1;
  Matrix noise(2, batch);
  noise << 1, 0, 1, 0, 2, -1;  // its product with g1 sums to 0
  Matrix d = noise;
  d.row(0) += Scalar(0.5) * g1.row(0);
  d.row(1) -= 2 * g1.row(1);
  Secant secant({.average = true});
  Matrix found = g1 - d;
  secant.subtract(g1, found);
  Matrix expected = g1;
  expected.row(0) *= Scalar(0.5);
  expected.row(1) *= -2;
  CHECK(largest_difference(found, expected) < 10 * Eigen::NumTraits<Scalar>::epsilon());
}

TEST_CASE("what the secant sends can have the norm of the gradient, and then keeps its direction") {
  const Matrix g1 = random_matrix(5, 7, 5);
  const Matrix g2 = random_matrix(5, 7, 6);
  const Matrix newton = sent({}, g1, g2, 1);
  const Matrix found = sent({.size = SentSize::gradient}, g1, g2, 1);
  CHECK(largest_difference(found, newton * (g1.norm() / newton.norm())) <
        10 * Eigen::NumTraits<Scalar>::epsilon());
}

TEST_CASE("the secant sends nothing where there is neither gradient nor curvature") {
  const Matrix nothing = Matrix::Zero(3, 2);
  for (const bool average : {false, true}) {
    for (const bool relative : {false, true}) {
      CHECK(sent({.relative = relative, .average = average}, nothing, nothing, 1).isZero(0));
    }
  }
  CHECK(sent({.damping = 0}, Matrix::Ones(3, 2), Matrix::Ones(3, 2), 1).isZero(0));
}

TEST_CASE("a damping that is no size is refused") {
  CHECK_THROWS_WITH_AS(Secant({.damping = -1}), doctest::Contains("damping is -1"), std::invalid_argument);
  CHECK_THROWS_AS(Secant({.damping = std::numeric_limits<double>::quiet_NaN()}), std::invalid_argument);
}
