// What a step of activity propagation tells of its secant.
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/activity_propagation.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/nn/dense.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/cross_entropy.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/matrices.hpp"
#include "tests/support/random_batch.hpp"

using namespace soap;

TEST_CASE("the secant curvature is the Hessian's along the gradient") {
  if (sizeof(Scalar) != sizeof(double)) return;  // second differences need the digits
  for (const std::size_t place : {0, 1}) {
    CAPTURE(place);
    Network network = mlp({6, 4, 3});
    const Batch batch = random_batch(6, 3, 2, 1);
    const Targets targets{batch.targets(), batch.labels()};
    Workspace workspace(network, 2);
    const auto loss_at = [&](ConstRef change) {
      network.forward(batch.inputs(), workspace, Phase::training, [&](std::size_t l, Ref y) {
        if (l == place) y += change;
      });
      return cross_entropy.value_and_error(workspace.output(2), targets, workspace.error(2));
    };
    const auto gradient_at = [&](ConstRef change) {
      loss_at(change);
      network.backward(batch.targets(), workspace);
      return Matrix(workspace.error(place));
    };
    // Of losses alone: no error travels down.
    const Matrix here = Matrix::Zero(4, 2);
    const auto step = static_cast<Scalar>(1e-4);
    const auto second_difference = [&](Index i, Index j) {
      const auto corner = [&](Scalar a, Scalar b) {
        Matrix change = here;
        change(i) += a * step;
        change(j) += b * step;
        return loss_at(change);
      };
      return static_cast<Scalar>((corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / 4) /
             (step * step);
    };
    Matrix hessian(8, 8);
    for (Index i = 0; i < 8; ++i) {
      for (Index j = 0; j < 8; ++j) hessian(i, j) = second_difference(i, j);
    }
    const Matrix g1 = gradient_at(here);
    const auto eta = static_cast<Scalar>(1e-4);
    Matrix d = gradient_at(-eta * g1);
    Secant().subtract(g1, d);
    const Matrix expected = (hessian * g1.reshaped()).reshaped(4, 2);
    CHECK(expected.cwiseAbs().maxCoeff() > 0.01);
    CHECK(largest_difference(d / eta, expected) < 1e-5);
  }
}

TEST_CASE("the figures of a step say what its secant did") {
  Network network;
  network.add<Dense>(6, 5);
  network.add<Dense>(5, 4);
  network.initialize(1);
  const Batch batch = random_batch(6, 4, 8, 1);
  const MeanSquaredError squares;
  ActivityPropagationStep step({.lr = 100, .secant = {.damping = 1, .relative = true}, .warmup = 2});
  step.watch(true);
  step.prepare(network, 8, 1);
  Sgd sgd({.lr = 0.01});
  sgd.attach(network);
  step.run(batch, {network, squares, sgd, 0, 1});
  CHECK_FALSE(step.figures());

  Workspace first(network, 8);
  Workspace second(network, 8);
  const Targets targets{batch.targets(), batch.labels()};
  network.forward(batch.inputs(), first, Phase::training);
  const double loss = squares.value_and_error(first.output(1), targets, first.error(1));
  network.backward(batch.targets(), first);
  const Matrix g1 = first.error(0);
  network.forward(batch.inputs(), second, Phase::training, [&](std::size_t l, Ref y) {
    if (l == 0) y -= Scalar(100.0 / 40) * g1;
  });
  const double moved = squares.value_and_error(second.output(1), targets, second.error(1));
  network.backward(batch.targets(), second);
  const Matrix d = g1 - second.error(0);

  step.run(batch, {network, squares, sgd, 8, 1});
  REQUIRE(step.figures());
  const ActivityFigures figures = *step.figures();
  CHECK(figures.elements == 40);
  const auto negative = (d.array() * g1.array() < 0).count();
  CHECK(negative > 0);
  CHECK(figures.negative_curvature == static_cast<double>(negative) / 40);
  CHECK(figures.sent_uphill == figures.negative_curvature);
  CHECK(figures.damped == static_cast<double>((d.array().abs() < d.cwiseAbs().mean()).count()) / 40);
  const auto close = [](double found, double expected) {
    return std::abs(found - expected) < golden_tolerance * std::abs(expected) + 1e-12;
  };
  CHECK(close(figures.sent_size, step.last_pass()->error(0).norm() / g1.norm()));
  CHECK(close(figures.predicted_by_gradient, -2.5 * static_cast<double>(g1.squaredNorm())));
  CHECK(std::abs(figures.actual - (moved - loss)) < golden_tolerance);
  // This loss is quadratic in the activities.
  CHECK(std::abs(figures.actual - figures.predicted_by_secant) < golden_tolerance);
  CHECK(std::abs(figures.actual - figures.predicted_by_gradient) > 1e-3);

  ActivityPropagationStep unwatched({.warmup = 0});
  unwatched.prepare(network, 8, 1);
  unwatched.run(batch, {network, squares, sgd, 0, 1});
  CHECK_FALSE(unwatched.figures());
}
