#include "soap/linalg/elementwise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "soap/linalg/random.hpp"

#include "tests/support/instruction_sets.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

using Limits = std::numeric_limits<Scalar>;

struct Case {
  const char* name;
  void (*compute)(const Scalar* x, Scalar* y, Index count);
  long double (*exact)(long double);
  double allowed;  // in units in the last place
};

long double probability(long double x) { return std::erfc(-x * std::sqrt(0.5L)) / 2; }

long double softplus_of(long double x) { return std::max(x, 0.0L) + std::log1p(std::exp(-std::abs(x))); }

const std::vector<Case> cases = {
    {"exp", soap::exp, [](long double x) { return std::exp(x); }, 1.0},
    {"tanh", soap::tanh, [](long double x) { return std::tanh(x); }, 2.6},
    {"sigmoid", soap::sigmoid, [](long double x) { return 1 / (1 + std::exp(-x)); }, 2.5},
    {"softplus", soap::softplus, softplus_of, 2.5},
    {"gelu", soap::gelu, [](long double x) { return x * probability(x); }, sizeof(Scalar) == 4 ? 4.8 : 7.0},
};

// In units in the last place of `exact`; denormal numbers all have the same one.
double error(Scalar found, long double exact) {
  if (std::isnan(exact) || std::isnan(found)) return std::isnan(exact) == std::isnan(found) ? 0 : 1e30;
  const auto rounded = static_cast<Scalar>(exact);
  if (std::isinf(rounded) || std::isinf(found)) return rounded == found ? 0 : 1e30;
  int exponent = 0;
  (void)std::frexp(exact, &exponent);
  const int last = std::max(exponent, Limits::min_exponent) - Limits::digits;
  return static_cast<double>(std::abs(std::ldexp(static_cast<long double>(found) - exact, -last)));
}

// Of both signs and every size; most of them where the functions are neither constant nor linear.
std::vector<Scalar> sweep() {
  Rng rng(1, "elementwise sweep");
  std::vector<Scalar> x = {Scalar(-4.15729), Scalar(0.00776718), Scalar(-59.9444)};  // the worst in float
  for (int exponent = Limits::min_exponent - Limits::digits; exponent < Limits::max_exponent; ++exponent) {
    const int count = exponent >= -6 && exponent <= 10 ? 5000 : 20;
    for (int i = 0; i < count; ++i) {
      const auto value = static_cast<Scalar>(std::ldexp(1 + rng.uniform(), exponent));
      x.push_back(value);
      x.push_back(-value);
    }
  }
  return x;
}

Matrix apply(const Case& function, const Matrix& x) {
  Matrix y = Matrix::Constant(x.rows(), x.cols(), Limits::quiet_NaN());
  function.compute(x.data(), y.data(), x.size());
  return y;
}

}  // namespace

TEST_CASE("elementwise functions are exact but for the last bits, for numbers of every size") {
  const std::vector<Scalar> x = sweep();
  for (const Case& function : cases) {
    CAPTURE(function.name);
    std::vector<long double> exact;
    for (const Scalar value : x) exact.push_back(function.exact(value));
    for_each_instruction_set([&] {
      std::vector<Scalar> y(x.size());
      function.compute(x.data(), y.data(), static_cast<Index>(x.size()));
      double worst = 0;
      Scalar where = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double found = error(y[i], exact[i]);
        if (found > worst) {
          worst = found;
          where = x[i];
        }
      }
      CAPTURE(where);
      CHECK(worst <= function.allowed);
    });
  }
}

TEST_CASE("elementwise functions at zeros, infinities, NaN and the ends of their range") {
  const Scalar infinity = Limits::infinity();
  const Scalar tiny = Limits::denorm_min();
  const auto last = static_cast<Scalar>(std::log(static_cast<long double>(Limits::max())));
  Matrix x(9, 1);
  x << 0, Scalar{-0.0}, infinity, -infinity, Limits::quiet_NaN(), tiny, -tiny, std::nextafter(last, infinity),
      std::nextafter(last, Scalar{0});
  for_each_instruction_set([&] {
    const Matrix e = apply(cases[0], x);
    CHECK(e(0) == 1);
    CHECK(e(1) == 1);
    CHECK(e(2) == infinity);
    CHECK(e(3) == 0);
    CHECK(std::isnan(e(4)));
    CHECK(e(5) == 1);
    CHECK(e(6) == 1);
    CHECK(e(7) == infinity);
    CHECK(std::isfinite(e(8)));
    const Matrix t = apply(cases[1], x);
    CHECK((t(0) == 0 && !std::signbit(t(0))));
    CHECK((t(1) == 0 && std::signbit(t(1))));
    CHECK(t(2) == 1);
    CHECK(t(3) == -1);
    CHECK(std::isnan(t(4)));
    CHECK(t(5) == tiny);
    CHECK(t(6) == -tiny);
    const Matrix s = apply(cases[2], x);
    CHECK(s(0) == Scalar{0.5});
    CHECK(s(1) == Scalar{0.5});
    CHECK(s(2) == 1);
    CHECK(s(3) == 0);
    CHECK(std::isnan(s(4)));
    CHECK(s(7) == 1);
    const Matrix p = apply(cases[3], x);
    const auto log_two = static_cast<Scalar>(std::log(2.0L));
    CHECK(std::abs(p(0) - log_two) <= Limits::epsilon());
    CHECK(same_bits(p.row(1), p.row(0)));
    CHECK(p(2) == infinity);
    CHECK(p(3) == 0);
    CHECK(std::isnan(p(4)));
    CHECK(p(7) == x(7));
    const Matrix g = apply(cases[4], x);
    CHECK((g(0) == 0 && g(1) == 0));
    CHECK(g(2) == infinity);
    CHECK(g(3) == 0);
    CHECK(std::isnan(g(4)));
    CHECK(g(7) == x(7));
    const Matrix one = Matrix::Ones(9, 1);
    Matrix slopes(9, 1);
    times_sigmoid(x.data(), one.data(), slopes.data(), 9);
    CHECK(same_bits(slopes.topRows(4), s.topRows(4)));
    times_gelu_slope(x.data(), one.data(), slopes.data(), 9);
    CHECK(slopes(0) == doctest::Approx(0.5));
    CHECK(slopes(2) == 1);
    CHECK(slopes(3) == 0);
    CHECK(std::isnan(slopes(4)));
  });
}

TEST_CASE("slopes of GELU and softplus are exact but for the last bits of 1, and in the tails of their own") {
  const std::vector<Scalar> x = sweep();
  const auto count = static_cast<Index>(x.size());
  const std::vector<Scalar> factor(x.size(), 3);
  for_each_instruction_set([&] {
    std::vector<Scalar> gelu_slope(x.size());
    std::vector<Scalar> softplus_slope(x.size());
    times_gelu_slope(x.data(), factor.data(), gelu_slope.data(), count);
    times_sigmoid(x.data(), factor.data(), softplus_slope.data(), count);
    double worst = 0;
    double worst_tail = 0;
    double worst_sigmoid = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const long double z = x[i];
      const long double density = std::exp(-z * z / 2) * 0.398942280401432677939946L;
      // Where the density vanishes, z may be too large for the product.
      const long double slope = probability(z) + (density > 0 ? z * density : 0);
      worst = std::max(worst, static_cast<double>(std::abs(gelu_slope[i] - 3 * slope)));
      if (z < -2) worst_tail = std::max(worst_tail, error(gelu_slope[i], 3 * slope));
      worst_sigmoid = std::max(worst_sigmoid, error(softplus_slope[i], 3 / (1 + std::exp(-z))));
    }
    CHECK(worst <= 6 * static_cast<double>(Limits::epsilon()));
    CHECK(worst_tail <= 8);
    CHECK(worst_sigmoid <= 4);
  });
}

TEST_CASE("an element has the same bits wherever it stands, and no other is touched") {
  const Matrix x = random_matrix(100, 1, 1, 3);
  for (const Case& function : cases) {
    CAPTURE(function.name);
    for_each_instruction_set([&] {
      const Matrix whole = apply(function, x);
      for (Index first = 0; first < 20; ++first) {
        for (Index count = 0; count < 70; ++count) {
          Matrix y = Matrix::Constant(100, 1, -7);
          function.compute(x.data() + first, y.data() + first, count);
          REQUIRE(same_bits(y.middleRows(first, count), whole.middleRows(first, count)));
          REQUIRE((y.topRows(first).array() == -7).all());
          REQUIRE((y.bottomRows(100 - first - count).array() == -7).all());
        }
      }
      Matrix in_place = x;
      function.compute(in_place.data(), in_place.data(), in_place.size());
      CHECK(same_bits(in_place, whole));
    });
  }
}

TEST_CASE("what stands where another matrix is positive is kept, and the rest is 0") {
  Matrix z = random_matrix(50, 1, 1);
  const Matrix x = random_matrix(50, 1, 2);
  z(3) = 0;
  z(4) = Scalar{-0.0};
  z(5) = Limits::quiet_NaN();
  z(6) = Limits::denorm_min();
  for_each_instruction_set([&] {
    for (Index count = 0; count <= 50; ++count) {
      Matrix y = Matrix::Constant(50, 1, -7);
      keep_where_positive(z.data(), x.data(), y.data(), count);
      for (Index i = 0; i < 50; ++i) REQUIRE(y(i) == (i >= count ? -7 : (z(i) > 0 ? x(i) : 0)));
    }
  });
}

TEST_CASE("sizes take the signs of other numbers, and zeros stay") {
  Matrix x = random_matrix(50, 1, 1);
  x(3) = 0;
  x(17) = Scalar(-0.0);
  x(20) = std::numeric_limits<Scalar>::denorm_min();
  x(21) = -std::numeric_limits<Scalar>::infinity();
  const Matrix sizes = random_matrix(50, 1, 2);
  const Matrix signs = x.array().sign();
  for_each_instruction_set([&] {
    for (Index count = 0; count <= 50; ++count) {
      Matrix one = Matrix::Constant(50, 1, -7);
      Matrix many = one;
      signed_size(x.data(), Scalar(-0.3), one.data(), count);
      signed_sizes(x.data(), sizes.data(), many.data(), count);
      for (Index i = 0; i < 50; ++i) {
        REQUIRE(one(i) == (i >= count ? -7 : Scalar(0.3) * signs(i)));
        REQUIRE(many(i) == (i >= count ? -7 : std::abs(sizes(i)) * signs(i)));
      }
    }
  });
}
