#include "soap/learn/pepita.hpp"

#include "soap/nn/mlp.hpp"

#include "tests/support/cross_entropy.hpp"
#include "tests/support/equations.hpp"
#include "tests/support/feedback_state.hpp"
#include "tests/support/step_laws.hpp"

using namespace soap;

namespace {

Matrix softmax_less_target(const Matrix& z, ConstRef targets) {
  Matrix e = z.array().exp();
  for (Index j = 0; j < z.cols(); ++j) e.col(j) /= e.col(j).sum();
  return e - targets;
}

// The parameters after one step at learning rate 1, on the batch.
std::vector<Matrix> after_step(Network& network, const Batch& batch, const PepitaOptions& options = {}) {
  Sgd sgd({.lr = 1});
  sgd.attach(network);
  PepitaStep step(options);
  step.prepare(network, batch.size(), 1);
  step.run(batch, {network, cross_entropy, sgd, 0, 1});
  return parameters_of(network);
}

}  // namespace

TEST_CASE("pepita keeps the laws of steps that are rules") { check_step_laws("pepita"); }

TEST_CASE("a step of pepita equals the paper's equations written out") {
  Network network = mlp({6, 5, 3, 4});
  const std::vector<Matrix> p = parameters_of(network);
  const Batch batch = batch_of(SmallProblem(few_examples), few_examples);
  const Matrix x = batch.inputs();

  Sgd sgd({.lr = 0.5});
  sgd.attach(network);
  PepitaStep step({.scale = 0.7});
  step.prepare(network, few_examples, 1);
  const Matrix F = get_matrix(step, "F");
  REQUIRE(F.rows() == 6);
  REQUIRE(F.cols() == 4);
  const double found_loss = step.run(batch, {network, cross_entropy, sgd, 0, 1});

  const Matrix h1 = tanh_of(affine(p[0], p[1], x));
  const Matrix h2 = tanh_of(affine(p[2], p[3], h1));
  const Matrix z3 = affine(p[4], p[5], h2);
  const Matrix e = softmax_less_target(z3, batch.targets());
  const Matrix x_err = x + F * e;
  const Matrix h1_err = tanh_of(affine(p[0], p[1], x_err));
  const Matrix h2_err = tanh_of(affine(p[2], p[3], h1_err));
  const Scalar rate = Scalar(0.5) / Scalar(few_examples);
  const std::vector<Matrix> expected = {p[0] - rate * (h1 - h1_err) * x_err.transpose(),
                                        p[1] - rate * (h1 - h1_err).rowwise().sum(),
                                        p[2] - rate * (h2 - h2_err) * h1_err.transpose(),
                                        p[3] - rate * (h2 - h2_err).rowwise().sum(),
                                        p[4] - rate * e * h2_err.transpose(),
                                        p[5] - rate * e.rowwise().sum()};
  const std::vector<Matrix> found = parameters_of(network);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(largest_difference(found[i], expected[i]) < 50 * double(std::numeric_limits<Scalar>::epsilon()));
    CHECK(largest_difference(found[i], p[i]) > 1e-4);
  }
  CHECK(found_loss ==
        doctest::Approx(cross_entropy.value(z3, {batch.targets(), batch.labels()})).epsilon(1e-5));
}

TEST_CASE("the input's modulation does not depend on the size of the batch") {
  const Batch single = batch_of(SmallProblem(few_examples), few_examples);
  Batch twice;
  twice.reserve(6, 4, 2 * few_examples);
  twice.resize(2 * few_examples);
  for (Index i = 0; i < 2 * few_examples; ++i) {
    twice.inputs().col(i) = single.inputs().col(i % few_examples);
    twice.set_label(i, single.labels()[static_cast<std::size_t>(i % few_examples)]);
  }
  Network one = mlp({6, 5, 4});
  Network other = mlp({6, 5, 4});
  const auto after_one = after_step(one, single);
  const auto after_other = after_step(other, twice);
  for (std::size_t i = 0; i < after_one.size(); ++i) {
    CHECK(largest_difference(after_one[i], after_other[i]) <
          50 * double(std::numeric_limits<Scalar>::epsilon()));
  }
}

TEST_CASE("the error crosses an activation on top by its slope") {
  Network network;
  network.add<Dense>(6, 5);
  network.add<Tanh>();
  network.add<Dense>(5, 4);
  network.add<Sigmoid>();
  network.initialize(1);
  const std::vector<Matrix> p = parameters_of(network);
  const Batch batch = batch_of(SmallProblem(few_examples), few_examples);
  const MeanSquaredError squares;
  Sgd sgd({.lr = 1});
  sgd.attach(network);
  PepitaStep step;
  step.prepare(network, few_examples, 1);
  const Matrix F = get_matrix(step, "F");
  step.run(batch, {network, squares, sgd, 0, 1});

  const Matrix h = tanh_of(affine(p[0], p[1], batch.inputs()));
  const Matrix y = 1 / (1 + (-affine(p[2], p[3], h).array()).exp());
  const Matrix e = Scalar(2) / 4 * (y - batch.targets()).array() * y.array() * (1 - y.array());
  const Matrix h_err = tanh_of(affine(p[0], p[1], batch.inputs() + F * e));
  const Matrix expected = p[2] - e * h_err.transpose() / Scalar(few_examples);
  CHECK(largest_difference(parameters_of(network)[2], expected) <
        50 * double(std::numeric_limits<Scalar>::epsilon()));
}

TEST_CASE("F comes from the seed, has the size asked for, and no weight is transported") {
  Network network = mlp({600, 5, 40});
  const auto drawn = [&](std::uint64_t seed, const PepitaOptions& options) {
    PepitaStep step(options);
    step.prepare(network, 1, seed);
    CHECK(step.transported_bits(network, 100).value() == 0);
    return get_matrix(step, "F");
  };
  const Matrix F = drawn(1, {});
  CHECK(same_bits(F, drawn(1, {})));
  CHECK(!same_bits(F, drawn(2, {})));
  CHECK(F.cwiseAbs().maxCoeff() <= Scalar(0.05 * 0.1));
  CHECK(F.cwiseAbs().maxCoeff() > Scalar(0.05 * 0.0999));
  const Matrix normal = drawn(1, {.scale = 2, .initializer = Initializer::kaiming_normal});
  CHECK(normal.squaredNorm() / double(normal.size()) == doctest::Approx(4 * 2 / 600.0).epsilon(0.05));
}

TEST_CASE("pepita refuses what it cannot train, by rule and layer") {
  CHECK(refusal_of<GainLayer>("pepita") ==
        "rule 'pepita' cannot serve layer 1 (gain): found a gain but no weights to learn it with");
  CHECK(refusal_of<PairSums>("pepita") ==
        "rule 'pepita' cannot serve layer 1 (pair sums): found 2 units above 4 without weights, expected as "
        "many");
  CHECK(refusal_of<Tanh>("pepita").empty());
  CHECK_THROWS_WITH_AS(make_step("pepita:scale=0"), "pepita: scale is 0, expected a number above 0",
                       std::invalid_argument);

  // A modulation below the rounding of every input.
  constexpr Index many = ArrivalWatch::patience;
  Network network = mlp({6, 5, 3, 4}, {.activation = "relu"});
  const auto before = parameters_of(network);
  const PepitaOptions vanishing{.scale = 1e-30};
  CHECK_THROWS_WITH_AS(after_step(network, batch_of(SmallProblem(many), many), vanishing),
                       "rule 'pepita' gave nothing but zeros to layer 0 (dense 6-5) in the first 1,000 "
                       "examples that had an error: it does not learn",
                       std::invalid_argument);
  CHECK(same_bits(parameters_of(network), before));
  CHECK_NOTHROW(after_step(network, batch_of(SmallProblem(many - 1), many - 1), vanishing));
}
