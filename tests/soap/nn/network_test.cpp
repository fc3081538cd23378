#include "soap/nn/network.hpp"

#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "soap/feedback/registry.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/mlp.hpp"
#include "soap/nn/optimizer.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

std::map<std::string, Matrix> parameters_by_name(Network& network) {
  std::map<std::string, Matrix> parameters;
  network.visit_parameters([&](Parameter parameter) { parameters.emplace(parameter.name, parameter.value); });
  return parameters;
}

// One pass of a network on fixed data; leaves the errors in the workspace.
struct Pass {
  Matrix x = random_matrix(6, 5, 1);
  Matrix targets = random_matrix(3, 5, 2);
  Workspace workspace;
  double loss = 0;

  explicit Pass(Network& network) : workspace(network, 5) {
    network.forward(x, workspace, Phase::training);
    const std::size_t top = network.depth() - 1;
    loss = MeanSquaredError().value_and_error(workspace.output(top), {targets, {}}, workspace.error(top));
    network.backward(targets, workspace);
  }
};

std::vector<Matrix> gradients_of(Network& network, const Pass& pass) {
  std::vector<Matrix> gradients;
  network.visit_gradients(pass.x, pass.workspace, [&](Ref value, const Gradient& gradient) {
    gradients.emplace_back(value.rows(), value.cols());
    gradient.accumulate(1, 0, gradients.back());
  });
  return gradients;
}

}  // namespace

TEST_CASE("under backpropagation every gradient of a deep network is that of finite differences") {
  if (sizeof(Scalar) < sizeof(double)) return;  // the reference figures hold the float build to its tolerance
  Network network = mlp({6, 5, 4, 3}, {.activation = "softplus", .initializer = Initializer::pytorch_linear});
  const std::vector<Matrix> gradients = gradients_of(network, Pass(network));
  REQUIRE(gradients.size() == 6);
  std::size_t parameter = 0;
  network.visit_parameters([&](Parameter shown) {
    CAPTURE(std::string(shown.name));
    for (Index i = 0; i < shown.value.size(); ++i) {
      constexpr auto step = Scalar(1e-6);
      Scalar& entry = shown.value(i % shown.value.rows(), i / shown.value.rows());
      const Scalar kept = entry;
      entry = kept + step;
      const double up = Pass(network).loss;
      entry = kept - step;
      const double down = Pass(network).loss;
      entry = kept;
      CHECK(std::abs((up - down) / (2 * step) -
                     gradients[parameter](i % shown.value.rows(), i / shown.value.rows())) < 1e-8);
    }
    ++parameter;
  });
}

TEST_CASE(
    "networks of one seed share their weights whatever the rule, and no two seeds or layers share any") {
  Network bp = mlp({6, 5, 5, 3}, {.rule = "bp", .seed = 7});
  Network fa = mlp({6, 5, 5, 3}, {.rule = "fa", .activation = "relu", .seed = 7});
  Network other = mlp({6, 5, 5, 3}, {.rule = "bp", .seed = 8});
  const auto first = parameters_by_name(bp);
  const auto second = parameters_by_name(fa);
  REQUIRE(first.size() == 6);
  for (const auto& item : first) CHECK(same_bits(item.second, second.at(item.first)));
  CHECK(!same_bits(first.at("layers.2.weight"), parameters_by_name(other).at("layers.2.weight")));
  CHECK(!same_bits(first.at("layers.0.weight").leftCols(5), first.at("layers.2.weight")));
  CHECK(bp.parameter_count() == 6 * 5 + 5 + 5 * 5 + 5 + 5 * 3 + 3);
}

TEST_CASE("with B the transposed weights every stored rule gives backpropagation's gradients bit for bit") {
  Network bp = mlp({6, 5, 4, 3});
  const std::vector<Matrix> expected = gradients_of(bp, Pass(bp));
  for (const char* rule : {"fa", "sign:period=1000"}) {
    CAPTURE(rule);
    Network network = mlp({6, 5, 4, 3}, {.rule = rule});
    for (std::size_t l = 2; l < network.depth(); l += 2) {
      REQUIRE(set_matrix(*network.layer(l).feedback(), "B", network.layer(l).weights()->transpose()));
    }
    const std::vector<Matrix> gradients = gradients_of(network, Pass(network));
    for (std::size_t i = 0; i < gradients.size(); ++i) CHECK(same_bits(gradients[i], expected[i]));
  }
}

TEST_CASE("a rule for each hidden layer reads from below, and one is wanted for each") {
  Network network = mlp({6, 5, 4, 3}, {.rule = "fa/bp"});
  CHECK(network.layer(2).feedback()->rule() == "fa");
  CHECK(network.layer(4).feedback()->rule() == "bp");
  CHECK_THROWS_WITH_AS(
      mlp({6, 5, 4, 3}, {.rule = "bp/fa/bp"}),
      "rule 'bp/fa/bp': found 3 rules for 2 hidden layers, expected one for each, or one for all",
      std::invalid_argument);
}

TEST_CASE("backpropagate sends the loss's gradient, whatever the feedback") {
  Network bp = mlp({6, 5, 4, 3});
  Network mixed = mlp({6, 5, 4, 3}, {.rule = "sign/fa"});
  Pass expected(bp);
  Pass pass(mixed);
  mixed.backpropagate(pass.workspace);
  for (std::size_t l = 0; l < mixed.depth(); ++l)
    CHECK(same_bits(pass.workspace.error(l), expected.workspace.error(l)));
}

TEST_CASE("hooks see each layer's output and error in turn, and what they change travels on") {
  Network network = mlp({6, 5, 3}, {.seed = 3});
  const Matrix x = random_matrix(6, 2, 1);
  Workspace plain(network, 2);
  network.forward(x, plain, Phase::training);
  Workspace hooked(network, 2);
  std::vector<std::size_t> outputs;
  network.forward(x, hooked, Phase::training, [&](std::size_t l, Ref y) {
    outputs.push_back(l);
    if (l == 0) y.array() += 1;
  });
  CHECK(outputs == std::vector<std::size_t>{0, 1, 2});
  CHECK(same_bits(hooked.output(0), plain.output(0).array() + 1));
  CHECK(hooked.output(1).isApprox((plain.output(0).array() + 1).tanh().matrix(), Scalar(1e-5)));

  hooked.error(2).setOnes();
  std::vector<std::size_t> errors;
  network.backward(Matrix::Zero(3, 2), hooked, [&](std::size_t l, Ref error) {
    errors.push_back(l);
    if (l == 1) error.setZero();
  });
  CHECK(errors == std::vector<std::size_t>{1, 0});
  CHECK(hooked.error(0).isZero(0));
}

TEST_CASE("an edge that a rule cannot serve is named together with the rule") {
  class Choosy final : public Feedback {
   public:
    void initialize(const EdgeShape&, Rng&) override { throw std::invalid_argument("too small"); }
    [[nodiscard]] Way way(ConstRef W) const override { return {W.transpose()}; }
  };
  register_feedback("choosy", [](Spec&) { return std::make_unique<Choosy>(); });
  CHECK_THROWS_WITH_AS(mlp({6, 5, 3}, {.rule = "choosy"}), "rule 'choosy' cannot serve dense 5-3: too small",
                       std::invalid_argument);
}

TEST_CASE("every rule moves every hidden layer") {
  for (const char* rule :
       {"bp", "fa", "sign:period=1", "sign:period=1:scale=norm", "sign:period=1:scale=xavier"}) {
    CAPTURE(rule);
    Network network = mlp({6, 5, 4, 3}, {.rule = rule});
    network.before_step(5);
    for (const auto& gradient : gradients_of(network, Pass(network))) CHECK(gradient.norm() > 0);
  }
}

TEST_CASE(
    "the lowest weighted layer has nobody to send errors to: its feedback stores and refreshes nothing") {
  Network network = mlp({6, 5, 3}, {.rule = "sign:period=1"});
  network.before_step(100);
  CHECK(get_matrix(*network.layer(0).feedback(), "B").size() == 0);
  CHECK(get_matrix(*network.layer(2).feedback(), "B").size() == 15);
}

TEST_CASE("a network works on fewer examples than its workspace has room for") {
  Network network = mlp({6, 5, 3});
  const Matrix x = random_matrix(6, 4, 1);
  Workspace large(network, 9);
  Workspace exact(network, 4);
  network.forward(x, large, Phase::evaluation);
  network.forward(x, exact, Phase::evaluation);
  CHECK(large.output(2).cols() == 4);
  CHECK(same_bits(large.output(2), exact.output(2)));
}

TEST_CASE("a network refuses what does not fit") {
  Network network;
  CHECK_THROWS_WITH_AS(network.add<Tanh>(),
                       "tanh: found no layer below, expected a layer that states its size",
                       std::invalid_argument);
  CHECK_THROWS_AS(network.initialize(1), std::logic_error);
  network.add<Dense>(4, 3);
  network.add<Tanh>();
  CHECK_THROWS_WITH_AS(network.add<Dense>(4, 2), "dense 4-2: found 3 units below, expected 4",
                       std::invalid_argument);
  Workspace workspace(network, 2);
  const Matrix x = Matrix::Ones(4, 2);
  CHECK_THROWS_AS(network.forward(x, workspace, Phase::training), std::logic_error);
  network.initialize(1);
  network.forward(x, workspace, Phase::training);
  CHECK_THROWS_AS(network.forward(Matrix::Ones(5, 2), workspace, Phase::training), std::invalid_argument);
  CHECK_THROWS_AS(network.forward(Matrix::Ones(4, 3), workspace, Phase::training), std::invalid_argument);
  CHECK_THROWS_AS(mlp({4}), std::invalid_argument);
  CHECK_THROWS_AS(mlp({4, 0, 2}), std::invalid_argument);
}

TEST_CASE("a network refuses targets, inputs and workspaces that are not those of its last pass") {
  Network network = mlp({4, 3, 2});
  CHECK_THROWS_WITH_AS(Workspace(network, 0),
                       "workspace: found a capacity of 0 examples, expected at least 1",
                       std::invalid_argument);
  Workspace workspace(network, 5);
  const Matrix x = Matrix::Ones(4, 3);
  const Matrix targets = Matrix::Ones(2, 3);
  CHECK_THROWS_AS(network.backward(targets, workspace), std::invalid_argument);  // no pass yet
  network.forward(x, workspace, Phase::training);
  workspace.error(2).setOnes();
  CHECK_NOTHROW(network.backward(targets, workspace));
  CHECK_THROWS_WITH_AS(
      network.backward(Matrix::Ones(5, 1), workspace),
      "network: found targets of 5x1, expected 2 rows and the 3 columns of the last forward pass",
      std::invalid_argument);
  const auto look = [](Ref, const Gradient&) {};
  CHECK_NOTHROW(network.visit_gradients(x, workspace, look));
  CHECK_THROWS_WITH_AS(
      network.visit_gradients(Matrix::Ones(4, 2), workspace, look),
      "network: found an input of 4x2, expected 4 rows and the 3 columns of the last forward pass",
      std::invalid_argument);

  for (const std::vector<Index>& sizes : {std::vector<Index>{4, 2}, {4, 4, 2}, {4, 3, 3, 2}}) {
    Network other = mlp(sizes);
    Workspace foreign(other, 5);
    CHECK_THROWS_WITH_AS(network.forward(x, foreign, Phase::training),
                         "network: found a workspace of other layers, expected one of this network",
                         std::invalid_argument);
    CHECK_THROWS_AS(network.backward(targets, foreign), std::invalid_argument);
    CHECK_THROWS_AS(network.backpropagate(foreign), std::invalid_argument);
    CHECK_THROWS_AS(network.visit_gradients(x, foreign, look), std::invalid_argument);
    CHECK_THROWS_AS(network.visit_feedback_gradients(foreign, look), std::invalid_argument);
  }
}

TEST_CASE("a layer that is not there is refused, not looked for") {
  Network network = mlp({4, 3, 2});
  Workspace workspace(network, 5);
  network.forward(Matrix::Ones(4, 3), workspace, Phase::training);
  const std::size_t depth = network.depth();
  CHECK_NOTHROW((void)network.layer(depth - 1));
  CHECK_THROWS_WITH_AS((void)network.layer(depth), "network: found layer 3, expected at most 2",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)std::as_const(network).layer(depth), std::invalid_argument);
  CHECK_THROWS_AS((void)network.layer_shape(depth), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)workspace.output(depth), "workspace: found layer 3, expected at most 2",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)std::as_const(workspace).error(depth), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)Network().layer(0),
                       "network: found layer 0, expected none, since there are no layers",
                       std::invalid_argument);

  workspace.error(depth - 1).setOnes();
  CHECK_NOTHROW(network.backward_through(depth - 1, workspace));
  CHECK_THROWS_AS(network.backward_through(depth, workspace), std::invalid_argument);
  CHECK_THROWS_WITH_AS(network.backward_through(0, workspace),
                       "network: found layer 0, expected one with a layer below", std::invalid_argument);
  Network other = mlp({4, 4, 2});
  Workspace foreign(other, 5);
  CHECK_THROWS_AS(network.backward_through(depth - 1, foreign), std::invalid_argument);
}

TEST_CASE("a network can be moved and says that it cannot be copied") {
  static_assert(!std::is_copy_constructible_v<Network> && !std::is_copy_assignable_v<Network>);
  static_assert(std::is_nothrow_move_constructible_v<Network> && std::is_nothrow_move_assignable_v<Network>);
  Network first = mlp({4, 2});
  const Matrix W = *first.layer(0).weights();
  Network second = std::move(first);
  CHECK(same_bits(*second.layer(0).weights(), W));
}
