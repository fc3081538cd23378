#include "soap/feedback/drawing.hpp"

#include <cmath>
#include <stdexcept>

#include <Eigen/SVD>
#include <doctest/doctest.h>

#include "soap/nn/mlp.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/feedbacks.hpp"

using namespace soap;

namespace {

Matrix drawn(const FeedbackDrawing& drawing, Index in, Index out) {
  Rng rng(1, "feedback");
  Matrix B;
  draw(drawing, in, out, rng, B);
  return B;
}

Index rank_of(const Matrix& B) {
  const Eigen::MatrixXd exact = B.cast<double>();
  const auto values = Eigen::JacobiSVD<Eigen::MatrixXd>(exact).singularValues();
  return (values.array() > 1e-5 * values(0)).count();
}

double deviation_of(const Matrix& B) {
  return std::sqrt(static_cast<double>(B.squaredNorm()) / static_cast<double>(B.size()));
}

}  // namespace

TEST_CASE("in a sparse feedback each unit hears of the same number of units, drawn for it") {
  const Matrix B = drawn({.density = 0.1}, 300, 200);
  const Matrix dense = drawn({}, 300, 200);
  Matrix listeners = Matrix::Zero(1, 200);
  for (Index i = 0; i < 300; ++i) {
    CHECK((B.row(i).array() != 0).count() == 20);
    for (Index j = 0; j < 200; ++j) {
      if (B(i, j) == 0) continue;
      listeners(0, j) += 1;
      REQUIRE(B(i, j) == doctest::Approx(dense(i, j) * std::sqrt(10.0)).epsilon(1e-6));
    }
  }
  CHECK(listeners.minCoeff() >= 10);
  CHECK(listeners.maxCoeff() <= 60);
}

TEST_CASE("a feedback of low rank has that rank") {
  CHECK(rank_of(drawn({.rank = 8}, 60, 40)) == 8);
  CHECK(rank_of(drawn({.rank = 1}, 60, 40)) == 1);
  CHECK(rank_of(drawn({.rank = 40}, 60, 40)) == 40);
}

TEST_CASE("sparse and of low rank, a feedback sends errors of the size that a dense one does") {
  const double deviation = std::sqrt(2.0 / 300);
  for (const auto& drawing : {FeedbackDrawing{.initializer = Initializer::kaiming_uniform},
                              FeedbackDrawing{.initializer = Initializer::kaiming_uniform, .density = 0.1},
                              FeedbackDrawing{.initializer = Initializer::kaiming_uniform, .rank = 50}}) {
    CAPTURE(drawing.density);
    CAPTURE(drawing.rank);
    CHECK(deviation_of(drawn(drawing, 300, 200)) == doctest::Approx(deviation).epsilon(0.05));
  }
}

TEST_CASE("with all connections a sparse feedback is the dense one") {
  CHECK(same_bits(drawn({.density = 1}, 30, 20), drawn({}, 30, 20)));
  const EdgeShape edge{.in = 9, .out = 7, .n_out = 3};
  CHECK(same_bits(get_matrix(*initialized("sparse:density=1", edge), "B"),
                  get_matrix(*initialized("fa", edge), "B")));
  CHECK(same_bits(get_matrix(*initialized("sparse:density=1:direct=yes", edge), "direct_B"),
                  get_matrix(*initialized("dfa", edge), "direct_B")));
}

TEST_CASE("sparse and lowrank send through their matrix as fa does, or as dfa does") {
  const EdgeShape edge{.in = 9, .out = 7, .n_out = 3};
  const Matrix W = random_matrix(7, 9, 1);
  const Matrix delta = random_matrix(7, 5, 2);
  const Matrix output_error = random_matrix(3, 5, 3);
  for (const std::string rule : {"sparse:density=0.4", "lowrank:rank=2"}) {
    CAPTURE(rule);
    const auto one = initialized(rule, edge);
    CHECK(one->way(W).carries == Carries::delta);
    CHECK(largest_difference(error_below(*one, W, delta), get_matrix(*one, "B") * delta) < 1e-6);
    REQUIRE(set_matrix(*one, "B", W.transpose()));
    CHECK(same_bits(error_below(*one, W, delta), error_below(TransposeFeedback(), W, delta)));

    const auto direct = initialized(rule + ":direct=yes", edge);
    CHECK(direct->way(W).carries == Carries::output_error);
    const Matrix B = get_matrix(*direct, "direct_B");
    REQUIRE(B.cols() == 3);
    CHECK(largest_difference(error_below(*direct, W, delta, {output_error, delta}), B * output_error) < 1e-6);
    CHECK(direct->transported_bits(W, 10) == 0.0);
  }
}

TEST_CASE("a drawing that does not exist is refused, for an edge with the rule and the layer") {
  CHECK_THROWS_AS(checked({.density = 0}), std::invalid_argument);
  CHECK_THROWS_AS(checked({.density = 1.5}), std::invalid_argument);
  CHECK_THROWS_AS(checked({.rank = -1}), std::invalid_argument);
  CHECK_THROWS_AS(checked({.density = 0.5, .rank = 2}), std::invalid_argument);
  CHECK_THROWS_AS(make_feedback("sparse:density=0"), std::invalid_argument);
  CHECK_THROWS_AS(make_feedback("sparse:density=1.01"), std::invalid_argument);
  CHECK_THROWS_AS(make_feedback("lowrank:rank=0"), std::invalid_argument);
  CHECK_THROWS_AS(make_feedback("lowrank:direct=maybe"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(mlp({6, 8, 4}, {.rule = "lowrank:rank=5"}),
                       "rule 'lowrank:rank=5' cannot serve dense 8-4: rank 5 is above that of a feedback "
                       "matrix of 8x4, expected at most 4",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(mlp({6, 8, 12, 4}, {.rule = "lowrank:rank=5:direct=yes"}),
                       doctest::Contains("cannot serve dense 8-12: rank 5"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(mlp({6, 8, 4}, {.rule = "sparse:density=0.1"}),
                       "rule 'sparse' cannot serve dense 8-4: a density of 0.1 of 4 units leaves "
                       "no connection, expected at least 0.125",
                       std::invalid_argument);
}
