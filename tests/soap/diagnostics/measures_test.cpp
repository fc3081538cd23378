#include "soap/diagnostics/measures.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

constexpr double rounding = 100 * std::numeric_limits<Scalar>::epsilon();

Matrix row(std::initializer_list<double> values) {
  Matrix result(1, static_cast<Index>(values.size()));
  Index i = 0;
  for (const double value : values) result(0, i++) = static_cast<Scalar>(value);
  return result;
}

}  // namespace

TEST_CASE("the angle is that of the cosine formula, and is 0, 90 and 180 where it should be") {
  const Matrix a = random_matrix(7, 5, 1);
  const Matrix b = random_matrix(7, 5, 2);
  double product = 0;
  double aa = 0;
  double bb = 0;
  for (Index j = 0; j < 5; ++j) {
    for (Index i = 0; i < 7; ++i) {
      product += static_cast<double>(a(i, j)) * static_cast<double>(b(i, j));
      aa += static_cast<double>(a(i, j)) * static_cast<double>(a(i, j));
      bb += static_cast<double>(b(i, j)) * static_cast<double>(b(i, j));
    }
  }
  CHECK(angle(a, b).value() ==
        doctest::Approx(std::acos(product / std::sqrt(aa * bb)) / degree).epsilon(1e-9));
  CHECK(angle(a, 3 * a).value() < 1e-3);
  CHECK(angle(a, a).value() == 0);
  CHECK(angle(a, -a).value() == 180);
  CHECK(angle(row({1, 0}), row({0, 2})).value() == doctest::Approx(90).epsilon(1e-12));
  CHECK(angle(row({1, 0}), row({1, 1})).value() == doctest::Approx(45).epsilon(1e-12));
}

TEST_CASE("small angles keep their digits, where a cosine has none left") {
  const double tilt = sizeof(Scalar) == sizeof(double) ? 1e-9 : 1e-4;
  CHECK(angle(row({1, 0}), row({1, tilt})).value() == doctest::Approx(tilt / degree).epsilon(1e-6));
}

TEST_CASE("an angle with nothing, or with what is not a number, is none") {
  const Matrix a = random_matrix(3, 2, 1);
  Matrix broken = a;
  broken(1, 1) = std::numeric_limits<Scalar>::quiet_NaN();
  CHECK(!angle(a, Matrix::Zero(3, 2)));
  CHECK(!angle(Matrix::Zero(3, 2), a));
  CHECK(!angle(a, broken));
  CHECK(!norm_ratio(a, Matrix::Zero(3, 2)));
  CHECK(!norm_ratio(broken, a));
  CHECK(norm_ratio(Matrix::Zero(3, 2), a) == 0);
  CHECK(!sign_concordance(a, Matrix::Zero(3, 2)));
  CHECK(!effective_rank(Matrix::Zero(3, 2)));
  CHECK(!effective_rank(broken));
}

TEST_CASE("matrices of different shapes are not compared") {
  const Matrix a = random_matrix(3, 2, 1);
  const Matrix b = random_matrix(2, 3, 1);
  CHECK_THROWS_WITH_AS(angle(a, b), "angle: found 3x2 and 2x3, expected one shape", std::invalid_argument);
  CHECK_THROWS_AS(norm_ratio(a, b), std::invalid_argument);
  CHECK_THROWS_AS(sign_concordance(a, b), std::invalid_argument);
}

TEST_CASE("norms are square roots of sums of squares") {
  CHECK(norm(row({3, 0, 4})) == 5);
  CHECK(norm_ratio(row({6, 8}), row({3, 4})).value() == 2);
}

TEST_CASE("signs are counted among the reference's nonzero entries, plain and by weight") {
  // Same, opposite, zero against positive, not counted, same.
  const auto found = sign_concordance(row({2, 1, 0, 5, -1}), row({1, -2, 4, 0, -3}));
  REQUIRE(found);
  CHECK(found->share == 2.0 / 4);
  CHECK(found->weighted == (1.0 + 3) / (1 + 2 + 4 + 3));
}

TEST_CASE("the effective rank is n for n equal singular values, 1 for one, and between by the entropy") {
  const Matrix identity = Matrix::Identity(6, 6);
  CHECK(effective_rank(identity).value() == doctest::Approx(6));
  CHECK(effective_rank(identity.leftCols(4)).value() == doctest::Approx(4));
  const Matrix one = random_matrix(9, 1, 1) * random_matrix(1, 30, 2);
  CHECK(effective_rank(one).value() == doctest::Approx(1).epsilon(1e-4));
  // Singular values 3 and 1, turned: p = 3/4 and 1/4.
  Matrix turn(2, 2);
  turn << Scalar(0.6), Scalar(-0.8), Scalar(0.8), Scalar(0.6);
  Matrix diagonal = Matrix::Zero(2, 5);
  diagonal(0, 1) = 3;
  diagonal(1, 3) = 1;
  const double expected = std::exp(-0.75 * std::log(0.75) - 0.25 * std::log(0.25));
  CHECK(effective_rank(turn * diagonal).value() == doctest::Approx(expected).epsilon(rounding));
  CHECK(effective_rank((turn * diagonal).transpose()).value() == doctest::Approx(expected).epsilon(rounding));
}

TEST_CASE("a unit is dead without any slope and saturated with hardly any") {
  Matrix slopes(4, 3);
  slopes << 0, 0, 0,                             //
      0, 0, Scalar(0.5),                         // mean 1/6
      Scalar(0.1), Scalar(-0.05), Scalar(0.05),  // mean of sizes 1/15
      2, 2, 2;
  CHECK(unit_shares(slopes, 1).dead == 0.25);
  CHECK(unit_shares(slopes, 1).saturated == 0.25);
  CHECK(unit_shares(slopes, 2).saturated == 0.5);
  CHECK(unit_shares(slopes, 0.1).saturated == 0);
}
