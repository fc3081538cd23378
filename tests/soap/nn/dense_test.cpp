#include "soap/nn/dense.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "soap/base/text.hpp"
#include "soap/feedback/random.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/testing/layer_laws.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

void set_parameters(Layer& layer, ConstRef W, ConstRef b) {
  layer.visit_parameters([&](Parameter parameter) {
    if (parameter.name == "weight") parameter.value = W;
    if (parameter.name == "bias") parameter.value = b;
  });
}

}  // namespace

TEST_CASE(
    "dense agrees with the reference: output, gradients, and the error sent down through W^T and through B") {
  const auto& figures = golden().at("dense");
  const Matrix W = golden_matrix(figures.at("W"));
  const Matrix x = golden_transposed(figures.at("x"));
  const Matrix delta = golden_transposed(figures.at("grad_out"));
  const Teaching teaching{delta, delta};
  for (const bool stored : {false, true}) {
    Dense dense(W.cols(), W.rows(), stored ? feedback::random() : feedback::transpose());
    dense.initialize({.seed = 1, .index = 1, .n_out = W.rows(), .sends_down = true});
    set_parameters(dense, W, golden_matrix(figures.at("bias")));
    if (stored) REQUIRE(set_matrix(*dense.feedback(), "B", golden_transposed(figures.at("B"))));

    Matrix z(W.rows(), x.cols());
    dense.forward(x, z, Phase::training);
    CHECK(largest_difference(z, golden_transposed(figures.at("y"))) < golden_tolerance);

    Matrix below(x.rows(), x.cols());
    dense.send(delta, teaching, below);
    const char* expected = stored ? "grad_x_stored_B" : "grad_x_transpose";
    CHECK(largest_difference(below, golden_transposed(figures.at(expected))) < golden_tolerance);

    std::vector<Matrix> gradients;
    dense.visit_gradients(x, delta, [&](Ref value, const Gradient& gradient) {
      gradients.emplace_back(value.rows(), value.cols());
      gradient.accumulate(1, 0, gradients.back());
    });
    REQUIRE(gradients.size() == 2);
    CHECK(largest_difference(gradients[0], golden_matrix(figures.at("grad_W"))) < golden_tolerance);
    CHECK(largest_difference(gradients[1], golden_matrix(figures.at("grad_bias"))) < golden_tolerance);
  }
}

TEST_CASE("dense obeys the layer laws") {
  for (const std::string rule : {"bp", "fa", "sign:period=1"}) {
    CAPTURE(rule);
    const auto broken = [&](Index in, Index out) {
      return join(testing::broken_layer_laws(
                      [&] { return std::make_unique<Dense>(in, out, make_feedback(rule)); }, in),
                  "\n");
    };
    CHECK(broken(7, 5) == "");
    CHECK(broken(1, 1) == "");
  }
}

TEST_CASE("dense refuses sizes below one, a missing feedback, and a layer below of another size") {
  CHECK_THROWS_AS(Dense(0, 3), std::invalid_argument);
  CHECK_THROWS_AS(Dense(3, 0), std::invalid_argument);
  CHECK_THROWS_AS(Dense(3, 3, nullptr), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)Dense(3, 2).shape(4), "dense 3-2: found 4 units below, expected 3",
                       std::invalid_argument);
}
