#include "soap/linalg/initializer.hpp"

#include <cmath>
#include <map>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/matrices.hpp"

using namespace soap;

TEST_CASE("initializers have the deviation and the bounds of their formulas") {
  constexpr double in = 300;
  constexpr double out = 200;
  const std::map<Initializer, double> deviations = {
      {Initializer::xavier_normal, std::sqrt(2 / (in + out))},
      {Initializer::xavier_uniform, std::sqrt(2 / (in + out))},
      {Initializer::kaiming_normal, std::sqrt(2 / in)},
      {Initializer::kaiming_uniform, std::sqrt(2 / in)},
      {Initializer::pytorch_linear, std::sqrt(1 / (3 * in))},
  };
  for (const auto& item : deviations) {
    CAPTURE(static_cast<int>(item.first));
    Rng rng(1, "initializer");
    Matrix W(200, 300);
    draw(item.first, 300, 200, rng, W);
    const double deviation = std::sqrt(static_cast<double>(W.squaredNorm()) / static_cast<double>(W.size()));
    CHECK(deviation == doctest::Approx(item.second).epsilon(0.02));
    CHECK(std::abs(static_cast<double>(W.mean())) < 0.03 * item.second);
    const bool normal = item.first == Initializer::xavier_normal || item.first == Initializer::kaiming_normal;
    const double bound = std::sqrt(3.0) * item.second;
    CHECK((static_cast<double>(W.cwiseAbs().maxCoeff()) > bound * 1.001) == normal);
  }
}

TEST_CASE("biases start at zero, but with PyTorch's default they are drawn") {
  Matrix b = Matrix::Ones(50, 1);
  Rng rng(1, "bias");
  draw_bias(Initializer::kaiming_uniform, 25, rng, b);
  CHECK(b.isZero(0));
  draw_bias(Initializer::pytorch_linear, 25, rng, b);
  CHECK(b.cwiseAbs().maxCoeff() <= Scalar(0.2));
  CHECK(b.cwiseAbs().maxCoeff() > Scalar(0.15));
}

TEST_CASE("initializers are found by name") {
  for (std::size_t i = 0; i < initializer_names().size(); ++i) {
    CHECK(static_cast<std::size_t>(initializer_by_name(initializer_names()[i])) == i);
  }
  CHECK_THROWS_WITH_AS(initializer_by_name("xavier"),
                       doctest::Contains("unknown initializer 'xavier' (nearest: xavier_normal"),
                       std::invalid_argument);
}
