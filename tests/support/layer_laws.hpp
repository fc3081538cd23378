// The laws that every layer joins with one line.
#pragma once

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "soap/nn/layer.hpp"

#include "tests/support/matrices.hpp"

namespace soap::inline SOAP_ABI {

/// The largest difference between a layer's backward pass and finite differences of its forward pass, over
/// every input and every parameter, relative to the size of the gradient. The loss is <weighting, y>.
/// Meaningful in double; see `check_layer_laws`.
inline double worst_gradient_error(Layer& layer, Matrix x, std::uint64_t seed) {
  const Index outputs = layer.shape(x.rows()).outputs;
  const Matrix weighting = random_matrix(outputs, x.cols(), seed);
  Matrix y(outputs, x.cols());
  const auto loss = [&] {
    layer.forward(x, y, Phase::training);
    return static_cast<double>((weighting.array() * y.array()).sum());
  };
  loss();
  Matrix below(x.rows(), x.cols());
  layer.backward(x, y, weighting, Phase::training, below);
  std::vector<Matrix> gradients;
  layer.visit_gradients(x, weighting, [&](Ref value, const Gradient& gradient) {
    gradients.emplace_back(value.rows(), value.cols());
    gradient.accumulate(1, 0, gradients.back());
  });

  constexpr double step = sizeof(Scalar) == sizeof(double) ? 1e-6 : 1e-2;
  double worst = 0;
  double scale = 1;
  const auto compare = [&](Ref values, ConstRef analytic) {
    for (Index j = 0; j < values.cols(); ++j) {
      for (Index i = 0; i < values.rows(); ++i) {
        const Scalar kept = values(i, j);
        values(i, j) = kept + static_cast<Scalar>(step);
        const double up = loss();
        values(i, j) = kept - static_cast<Scalar>(step);
        const double down = loss();
        values(i, j) = kept;
        const double difference = std::abs((up - down) / (2 * step) - static_cast<double>(analytic(i, j)));
        scale = std::max(scale, std::abs(static_cast<double>(analytic(i, j))));
        if (!(difference <= worst)) worst = difference;
      }
    }
  };
  compare(x, below);
  std::size_t parameter = 0;
  layer.visit_parameters([&](std::string_view, Ref value) { compare(value, gradients.at(parameter++)); });
  return worst / scale;
}

/// Checks a layer for `inputs` inputs: its backward pass against finite differences, on batches of several
/// sizes, and that results depend neither on what the output held nor on the number of threads.
inline void check_layer_laws(Layer& layer, Index inputs) {
  layer.initialize({.seed = 3, .index = 0, .n_out = 2, .sends_down = true});
  constexpr double tolerance = sizeof(Scalar) == sizeof(double) ? 1e-8 : 2e-2;
  for (const Index batch : {1, 4}) {
    CAPTURE(batch);
    CHECK(worst_gradient_error(layer, random_matrix(inputs, batch, 5), 6) < tolerance);
  }
  const Matrix x = random_matrix(inputs, 600, 7);
  const Index outputs = layer.shape(inputs).outputs;
  Matrix fresh(outputs, x.cols());
  {
    const ThreadCount threads(1);
    layer.forward(x, fresh, Phase::training);
  }
  Matrix stale = Matrix::Constant(outputs, x.cols(), std::numeric_limits<Scalar>::quiet_NaN());
  const ThreadCount threads(3);
  layer.forward(x, stale, Phase::training);
  CHECK(same_bits(fresh, stale));
}

}  // namespace soap::inline SOAP_ABI
