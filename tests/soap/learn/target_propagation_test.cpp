#include "soap/learn/target_propagation.hpp"

#include "soap/linalg/random_fill.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/cross_entropy.hpp"
#include "tests/support/equations.hpp"
#include "tests/support/feedback_state.hpp"
#include "tests/support/step_laws.hpp"

using namespace soap;

namespace {

constexpr double tolerance = 200 * double(std::numeric_limits<Scalar>::epsilon());

Matrix times_slope(const Matrix& e, const Matrix& y) { return e.array() * (1 - y.array().square()); }

Matrix noise(std::uint64_t seed, std::uint64_t first, Index rows) {
  Matrix values(rows, few_examples);
  fill_normal({.key = Rng(seed, "dtp noise").bits(), .draw = first}, 1, values);
  return values;
}

struct Inverse {
  Matrix V;
  Matrix c;
  [[nodiscard]] Matrix operator()(const Matrix& h) const { return tanh_of(affine(V, c, h)); }
  // After one step of descent that is to turn f(u) back into u.
  [[nodiscard]] Inverse trained(const Matrix& u, const Matrix& f_of_u, double inverse_lr) const {
    const Matrix back = (*this)(f_of_u);
    const Matrix delta = times_slope(2 * (back - u), back);
    const auto rate = Scalar(inverse_lr / double(f_of_u.rows()) / double(few_examples));
    return {V - rate * delta * f_of_u.transpose(), c - rate * delta.rowwise().sum()};
  }
};

Inverse inverse_of(TargetPropagationStep& step, const std::string& l) {
  return {get_matrix(step, "layers." + l + ".inverse.V"), get_matrix(step, "layers." + l + ".inverse.c")};
}

}  // namespace

TEST_CASE("dtp keeps the laws of steps that are rules") { check_step_laws("dtp"); }

TEST_CASE("two steps of dtp equal the paper's equations written out") {
  Network network = mlp({6, 5, 3, 7, 4});
  Batch batch = batch_of(SmallProblem(few_examples), few_examples);
  const Matrix x = batch.inputs();
  constexpr double eta = 0.3;
  constexpr double inverse_lr = 2;
  constexpr double sigma = 0.4;
  constexpr auto lr = Scalar(0.5);
  Sgd sgd({.lr = double(lr)});
  sgd.attach(network);
  TargetPropagationStep step({.target = eta, .inverse_lr = inverse_lr, .noise = sigma});
  step.prepare(network, few_examples, 9);
  Inverse g2 = inverse_of(step, "2");
  Inverse g3 = inverse_of(step, "4");
  REQUIRE(g2.V.rows() == 5);
  REQUIRE(g2.V.cols() == 3);
  REQUIRE(g3.V.rows() == 3);
  REQUIRE(g3.V.cols() == 7);

  for (std::uint64_t taken = 0; taken < 2; ++taken) {
    CAPTURE(taken);
    const std::vector<Matrix> p = parameters_of(network);
    step.run(batch, {network, cross_entropy, sgd, 0, 1});

    const Matrix h1 = tanh_of(affine(p[0], p[1], x));
    const Matrix h2 = tanh_of(affine(p[2], p[3], h1));
    const Matrix h3 = tanh_of(affine(p[4], p[5], h2));
    const Matrix z4 = affine(p[6], p[7], h3);
    Matrix e = z4.array().exp();
    for (Index j = 0; j < few_examples; ++j) e.col(j) /= e.col(j).sum();
    e -= batch.targets();

    const Matrix t3 = h3 - Scalar(eta) * p[6].transpose() * e;
    const Matrix t2 = h2 - g3(h3) + g3(t3);
    const Matrix t1 = h1 - g2(h2) + g2(t2);
    const Matrix d1 = times_slope(2 * (h1 - t1), h1);
    const Matrix d2 = times_slope(2 * (h2 - t2), h2);
    const Matrix d3 = times_slope(2 * (h3 - t3), h3);
    const Scalar rate = lr / Scalar(few_examples);
    const std::vector<Matrix> expected = {p[0] - rate * d1 * x.transpose(),  p[1] - rate * d1.rowwise().sum(),
                                          p[2] - rate * d2 * h1.transpose(), p[3] - rate * d2.rowwise().sum(),
                                          p[4] - rate * d3 * h2.transpose(), p[5] - rate * d3.rowwise().sum(),
                                          p[6] - rate * e * h3.transpose(),  p[7] - rate * e.rowwise().sum()};
    const std::vector<Matrix> found = parameters_of(network);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      CHECK(largest_difference(found[i], expected[i]) < tolerance);
      CHECK(largest_difference(found[i], p[i]) > 1e-5);
    }

    const Matrix u2 = h2 + Scalar(sigma) * noise(9, 2 * few_examples * taken, 3);
    const Matrix u1 = h1 + Scalar(sigma) * noise(9, 2 * few_examples * taken + few_examples, 5);
    const Inverse next_g3 = g3.trained(u2, tanh_of(affine(p[4], p[5], u2)), inverse_lr);
    const Inverse next_g2 = g2.trained(u1, tanh_of(affine(p[2], p[3], u1)), inverse_lr);
    CHECK(largest_difference(inverse_of(step, "2").V, next_g2.V) < tolerance);
    CHECK(largest_difference(inverse_of(step, "2").c, next_g2.c) < tolerance);
    CHECK(largest_difference(inverse_of(step, "4").V, next_g3.V) < tolerance);
    CHECK(largest_difference(inverse_of(step, "4").c, next_g3.c) < tolerance);
    CHECK(largest_difference(g3.V, next_g3.V) > 1e-3);
    g2 = inverse_of(step, "2");
    g3 = inverse_of(step, "4");
  }
}

TEST_CASE("with a target of one half, dtp's two top layers learn as under backpropagation") {
  Network by_targets = mlp({6, 5, 3, 4}, {.activation = "softplus"});
  Network by_gradients = mlp({6, 5, 3, 4}, {.activation = "softplus"});
  const Batch batch = batch_of(SmallProblem(few_examples), few_examples);
  const auto step_of = [&](Network& network, LearningStep& step) {
    Sgd sgd;
    sgd.attach(network);
    step.prepare(network, few_examples, 1);
    step.run(batch, {network, cross_entropy, sgd, 0, 1});
    return parameters_of(network);
  };
  TargetPropagationStep dtp;
  BackwardStep backward;
  const auto found = step_of(by_targets, dtp);
  const auto expected = step_of(by_gradients, backward);
  for (std::size_t i = 2; i < expected.size(); ++i)
    CHECK(largest_difference(found[i], expected[i]) < tolerance);
  CHECK(largest_difference(found[0], expected[0]) > 1e-4);
}

TEST_CASE("an inverse learns to undo its layer") {
  Network network = mlp({6, 8, 12, 4});
  const Batch batch = batch_of(SmallProblem(40), 40);
  // Too slow a learning rate to change the network itself.
  Sgd sgd({.lr = 1e-12});
  sgd.attach(network);
  TargetPropagationStep step({.inverse_lr = 2, .noise = 0.1});
  step.prepare(network, 40, 1);
  const auto mean_miss = [&] {
    const Inverse g = inverse_of(step, "2");
    const Matrix h1 = step.last_pass()->output(1);
    return double((g(step.last_pass()->output(3)) - h1).squaredNorm() / h1.squaredNorm());
  };
  step.run(batch, {network, cross_entropy, sgd, 0, 1});
  const double before = mean_miss();
  for (int i = 0; i < 500; ++i) step.run(batch, {network, cross_entropy, sgd, 0, 1});
  CHECK(before > 0.5);
  CHECK(mean_miss() < 0.1);
}

TEST_CASE("dtp serves layers that follow each other without an activation") {
  Network network;
  network.add<Dense>(6, 5);
  network.add<Dense>(5, 5);
  network.add<Tanh>();
  network.add<Dense>(5, 4);
  network.initialize(1);
  const std::vector<Matrix> p = parameters_of(network);
  const Batch batch = batch_of(SmallProblem(few_examples), few_examples);
  Sgd sgd({.lr = 1});
  sgd.attach(network);
  TargetPropagationStep step({.inverse_lr = 1, .noise = 0});
  step.prepare(network, few_examples, 1);
  const Inverse g = inverse_of(step, "1");
  step.run(batch, {network, cross_entropy, sgd, 0, 1});

  // A linear inverse sends down V times the difference above.
  const Matrix h1 = affine(p[0], p[1], batch.inputs());
  const Matrix h2 = tanh_of(affine(p[2], p[3], h1));
  const Matrix e = step.last_pass()->error(3) * Scalar(few_examples);
  const Matrix d1 = g.V * (-Scalar(0.5) * p[4].transpose() * e);
  const Matrix expected = p[0] + 2 * d1 * batch.inputs().transpose() / Scalar(few_examples);
  CHECK(largest_difference(parameters_of(network)[0], expected) < tolerance);
  const Matrix delta = 2 * (affine(g.V, g.c, h2) - h1);
  const Matrix V = g.V - delta * h2.transpose() / Scalar(5 * few_examples);
  CHECK(largest_difference(inverse_of(step, "1").V, V) < tolerance);
}

TEST_CASE("dtp transports the output layer's weights at each step, where there is a hidden layer") {
  TargetPropagationStep step;
  Network deep = mlp({6, 5, 3, 4});
  CHECK(step.transported_bits(deep, 10).value() == 10 * 12 * 8.0 * sizeof(Scalar));
  Network flat = mlp({6, 4});
  CHECK(step.transported_bits(flat, 10).value() == 0);
}

TEST_CASE("dtp refuses what it cannot train, by rule and layer") {
  CHECK(refusal_of<GainLayer>("dtp") ==
        "rule 'dtp' cannot serve layer 1 (gain): found a gain but no weights to learn it with");
  CHECK(refusal_of<PairSums>("dtp").starts_with("rule 'dtp' cannot serve layer 1 (pair sums): "));
  CHECK(refusal_of<Tanh>("dtp").empty());
  Network network;
  network.add<Dense>(6, 5);
  network.add<Tanh>();
  network.add<Relu>();
  network.add<Dense>(5, 4);
  network.initialize(1);
  CHECK_THROWS_WITH_AS(make_step("dtp")->prepare(network, 1, 1),
                       "rule 'dtp' cannot serve layer 0 (dense 6-5): found 2 element-wise layers above it, "
                       "expected one at most",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_step("dtp:target=0"), "dtp: target is 0, expected a number above 0",
                       std::invalid_argument);
  CHECK_THROWS_AS(TargetPropagationStep({.inverse_lr = -1}), std::invalid_argument);
  CHECK_THROWS_AS(TargetPropagationStep({.noise = -1}), std::invalid_argument);

  // No weights at the top: nothing comes down through them.
  Network mute = mlp({6, 5, 3, 4});
  mute.visit_parameters([](Parameter parameter) {
    if (parameter.name == "layers.4.weight") parameter.value.setZero();
  });
  Sgd sgd;
  sgd.attach(mute);
  TargetPropagationStep step;
  constexpr Index many = ArrivalWatch::patience;
  step.prepare(mute, many, 1);
  CHECK_THROWS_WITH_AS(step.run(batch_of(SmallProblem(many), many), {mute, cross_entropy, sgd, 0, 1}),
                       "rule 'dtp' gave nothing but zeros to layer 2 (dense 5-3) in the first 1,000 examples "
                       "that had an error: it does not learn",
                       std::invalid_argument);
}
