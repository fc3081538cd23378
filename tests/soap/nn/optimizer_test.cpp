#include "soap/nn/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/feedback/random.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/golden.hpp"
#include "tests/support/instruction_sets.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

// A network whose only learned matrix has the shape of the reference's parameter and whose gradient can be
// dictated: with the batch's inputs the identity, delta·xᵀ is delta.
class OneMatrix {
 public:
  OneMatrix(ConstRef W, Optimizer& optimizer)
      : inputs_(Matrix::Identity(W.cols(), W.cols())), optimizer_(optimizer) {
    network_.add<Dense>(W.cols(), W.rows());
    network_.initialize(1);
    workspace_ = std::make_unique<Workspace>(network_, W.cols());
    network_.visit_parameters([&](Parameter parameter) {
      if (parameter.name == "layers.0.weight") parameter.value = W;
    });
    optimizer.attach(network_);
  }

  Matrix step(ConstRef gradient) {
    network_.forward(inputs_, *workspace_, Phase::training);
    workspace_->error(0) = gradient;
    optimizer_.step(network_, inputs_, *workspace_);
    return *network_.layer(0).weights();
  }

 private:
  Network network_;
  Matrix inputs_;
  Optimizer& optimizer_;
  std::unique_ptr<Workspace> workspace_;
};

// Has the optimizer train a B of its own.
class TrainedFeedback final : public RandomFeedback {
 public:
  void visit_parameters(ParameterVisitor visit) override { visit({"B", B()}); }
  void visit_gradients(const Lesson& lesson, GradientVisitor visit) override {
    visit(B(), lesson.of_W.transposed());
  }
};

Network network_with_trained_feedback() {
  Network network;
  network.add<Dense>(4, 3);
  network.add<Tanh>();
  network.add<Dense>(3, 3, std::make_unique<TrainedFeedback>());
  network.add<Tanh>();
  network.add<Dense>(3, 2, std::make_unique<TrainedFeedback>());
  network.initialize(1);
  return network;
}

void take_step(Network& network, Optimizer& optimizer) {
  const Matrix x = random_matrix(4, 5, 1);
  const Matrix error = random_matrix(2, 5, 2);
  Workspace workspace(network, 5);
  network.forward(x, workspace, Phase::training);
  workspace.error(network.depth() - 1) = error;
  network.backward(error, workspace);
  optimizer.step(network, x, workspace);
}

template <class Body>
void for_each_state(Optimizer& optimizer, Body body) {
  struct Visitor final : StateVisitor {
    explicit Visitor(Body& wanted) : body(wanted) {}
    void matrix(std::string_view, Ref value) override { body(value); }
    void counter(std::string_view, std::int64_t&) override {}
    Body& body;
  } visitor(body);
  optimizer.visit_state(visitor);
}

std::map<std::string, Matrix> all_parameters_by_name(Network& network) {
  std::map<std::string, Matrix> parameters;
  const auto add = [&](Parameter parameter) { parameters.emplace(parameter.name, parameter.value); };
  network.visit_parameters(add);
  network.visit_feedback_parameters(add);
  return parameters;
}

}  // namespace

TEST_CASE("optimizers follow the reference over eight steps") {
  const auto& figures = golden().at("optimizers");
  const std::map<std::string, std::pair<std::string, double>> ours = {
      {"sgd", {"sgd", 0.1}},
      {"sgd_momentum", {"sgd:momentum=0.9", 0.1}},
      {"sgd_momentum_weight_decay", {"sgd:momentum=0.9:weight_decay=0.01", 0.1}},
      {"sgd_nesterov", {"sgd:momentum=0.9:nesterov=yes", 0.1}},
      {"adam", {"adam", 0.01}},
      {"adamw", {"adamw:weight_decay=0.1", 0.01}},
      {"rmsprop", {"rmsprop", 0.01}},
  };
  for_each_instruction_set([&] {
    for (const auto& item : figures.at("trajectories").items()) {
      const std::string& name = item.key();
      const auto& trajectory = item.value();
      CAPTURE(name);
      const auto optimizer = make_optimizer(ours.at(name).first, ours.at(name).second);
      OneMatrix matrix(golden_matrix(figures.at("initial")), *optimizer);
      for (std::size_t step = 0; step < trajectory.size(); ++step) {
        CAPTURE(step);
        const Matrix W = matrix.step(golden_matrix(figures.at("gradients").at(step)));
        CHECK(largest_difference(W, golden_matrix(trajectory.at(step))) < golden_tolerance);
      }
    }
  });
}

TEST_CASE(
    "optimizers give the same bits on any number of threads, and nearly the same for every instruction set") {
  const Matrix W = random_matrix(301, 230, 1);
  const Matrix G = random_matrix(301, 230, 2);
  for (const std::string name :
       {"sgd:momentum=0.9", "sgd:momentum=0.9:weight_decay=0.1",
        "sgd:momentum=0.9:nesterov=yes:weight_decay=0.1", "adam:weight_decay=0.1", "adamw:weight_decay=0.1",
        "rmsprop:weight_decay=0.1", "sgd:manhattan=yes", "sgd:manhattan=yes:momentum=0.9:weight_decay=0.1"}) {
    CAPTURE(name);
    const auto two_steps = [&](int count) {
      const ThreadCount threads(count);
      const auto optimizer = make_optimizer(name, 0.01);
      OneMatrix matrix(W, *optimizer);
      matrix.step(G);
      return matrix.step(G);
    };
    Matrix narrowest;
    for_each_instruction_set([&] {
      const Matrix one = two_steps(1);
      CHECK(same_bits(two_steps(3), one));
      if (narrowest.size() == 0) narrowest = one;
      CHECK(largest_difference(one, narrowest) < 10 * double(std::numeric_limits<Scalar>::epsilon()));
    });
  }
}

TEST_CASE("plain SGD with weight decay equals the formula, weights and biases alike") {
  const Matrix W = random_matrix(3, 4, 1);
  const Matrix G = random_matrix(3, 4, 2);
  Sgd sgd({.lr = 0.5, .weight_decay = 0.1});
  OneMatrix matrix(W, sgd);
  const Matrix expected = W - Scalar(0.5) * (G + Scalar(0.1) * W);
  CHECK(largest_difference(matrix.step(G), expected) < golden_tolerance);
}

TEST_CASE("Batch Manhattan takes the gradient's sign before momentum and weight decay join it") {
  const Matrix W = random_matrix(3, 7, 1);
  Matrix first_gradient = random_matrix(3, 7, 2, 1e-3);
  first_gradient(1, 1) = 0;
  first_gradient(2, 6) = Scalar(-0.0);
  const Matrix second_gradient = random_matrix(3, 7, 3, 1e3);
  const auto sign = [](const Matrix& g) -> Matrix {
    return g.unaryExpr([](Scalar x) { return Scalar(x > 0) - Scalar(x < 0); });
  };
  for_each_instruction_set([&] {
    Sgd plain({.lr = 0.5, .weight_decay = 0.1, .manhattan = true});
    OneMatrix one(W, plain);
    const Matrix W1 = W - Scalar(0.5) * (sign(first_gradient) + Scalar(0.1) * W);
    CHECK(largest_difference(one.step(first_gradient), W1) < golden_tolerance);
    const Matrix W2 = W1 - Scalar(0.5) * (sign(second_gradient) + Scalar(0.1) * W1);
    CHECK(largest_difference(one.step(second_gradient), W2) < golden_tolerance);

    const auto with_momentum = make_optimizer("sgd:manhattan=yes:momentum=0.9:weight_decay=0.1", 0.5);
    OneMatrix other(W, *with_momentum);
    CHECK(largest_difference(other.step(first_gradient), W1) < golden_tolerance);
    const Matrix v1 = sign(first_gradient) + Scalar(0.1) * W;
    const Matrix v2 = Scalar(0.9) * v1 + sign(second_gradient) + Scalar(0.1) * W1;
    CHECK(largest_difference(other.step(second_gradient), W1 - Scalar(0.5) * v2) < golden_tolerance);
  });
}

TEST_CASE("Batch Manhattan does not hide a gradient that is not a number") {
  const auto optimizer = make_optimizer("sgd:manhattan=yes", 0.5);
  OneMatrix matrix(Matrix::Ones(2, 3), *optimizer);
  Matrix gradient = Matrix::Ones(2, 3);
  gradient(0, 1) = std::numeric_limits<Scalar>::quiet_NaN();
  const Matrix W = matrix.step(gradient);
  CHECK(std::isnan(W(0, 1)));
  // The other row of delta·xᵀ.
  CHECK(W(1, 0) == Scalar(0.5));
}

TEST_CASE("an optimizer's state fades to zeros, not to denormal numbers, where the gradient stays 0") {
  for_each_instruction_set([&] {
    for (const char* text :
         {"sgd:momentum=0.5", "sgd:momentum=0.5:weight_decay=0.1", "sgd:momentum=0.5:nesterov=yes",
          "sgd:momentum=0.5:manhattan=yes", "adam:beta1=0.5:beta2=0.5", "adamw:beta1=0.5:beta2=0.5",
          "rmsprop:smoothing=0.5"}) {
      CAPTURE(text);
      const auto optimizer = make_optimizer(text, 0.1);
      const Matrix gradient = random_matrix(5, 7, 1);
      OneMatrix matrix(Matrix::Zero(5, 7), *optimizer);
      matrix.step(gradient);
      double largest = 1;
      for (int step = 0; step < 1200; ++step) {
        matrix.step(Matrix::Zero(5, 7));
        largest = 0;
        for_each_state(*optimizer, [&](ConstRef state) {
          for (const Scalar value : state.reshaped()) {
            REQUIRE(std::fpclassify(value) != FP_SUBNORMAL);
            largest = std::max(largest, static_cast<double>(std::abs(value)));
          }
        });
      }
      if (std::string_view(text).find("decay") == std::string_view::npos) CHECK(largest == 0);
    }
  });
}

TEST_CASE("factors of the learning rate hold for a layer's weights, its bias, and what its feedback trains") {
  for (const std::string name :
       {"sgd", "sgd:momentum=0.9:weight_decay=0.1", "sgd:manhattan=yes", "adam", "adamw", "rmsprop"}) {
    CAPTURE(name);
    // One step, with all layers at one learning rate or each at its own.
    const auto moved = [&](const std::string& optimizer_text, double lr) {
      Network network = network_with_trained_feedback();
      const auto optimizer = make_optimizer(optimizer_text, lr);
      optimizer->attach(network);
      take_step(network, *optimizer);
      return all_parameters_by_name(network);
    };
    const auto scaled = moved(name + ":layers=1/0.5/0", 0.1);
    const auto full = moved(name, 0.1);
    const auto half = moved(name, 0.05);
    Network untrained = network_with_trained_feedback();
    const auto before = all_parameters_by_name(untrained);
    for (const auto& entry : scaled) {
      const auto& [parameter, value] = entry;
      CAPTURE(entry.first);
      const char layer = parameter[std::string("layers.").size()];
      const auto& expected = layer == '0' ? full : (layer == '2' ? half : before);
      CHECK(same_bits(value, expected.at(parameter)));
      CHECK(!same_bits(full.at(parameter), before.at(parameter)));
    }
    CHECK(scaled.size() == 8);
  }
}

TEST_CASE("factors of the learning rate that do not fit the network, or train nothing, are refused") {
  Network network = mlp({4, 3, 2});
  const auto optimizer = make_optimizer("adam:layers=1/0.5/0.1", 0.1);
  CHECK_THROWS_WITH_AS(
      optimizer->attach(network),
      "layers: found 3 factors of the learning rate, expected 2, one for each layer with parameters",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_optimizer("sgd:layers=1/-1", 0.1),
                       "layers: found -1, expected a number of at least 0", std::invalid_argument);
  CHECK_THROWS_AS(make_optimizer("sgd:layers=1/nan", 0.1), std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_optimizer("sgd:layers=1//2", 0.1),
                       "optimizer 'sgd:layers=1//2', parameter 'layers': found '', expected a number",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_optimizer("sgd:layers=0/0", 0.1),
                       "layers: found nothing but zeros, expected a number above 0 among them",
                       std::invalid_argument);
}

TEST_CASE("AdamW decays weights by 0.01 unless told otherwise, by options and by name") {
  const Matrix W = Matrix::Ones(2, 2);
  AdamW by_options({.lr = 0.5});
  OneMatrix first(W, by_options);
  const auto by_name = make_optimizer("adamw", 0.5);
  OneMatrix second(W, *by_name);
  const Matrix decayed = first.step(Matrix::Zero(2, 2));
  CHECK(largest_difference(decayed, Matrix::Constant(2, 2, Scalar(0.995))) < 1e-6);
  CHECK(same_bits(decayed, second.step(Matrix::Zero(2, 2))));
}

TEST_CASE("optimizers refuse settings out of range, and a step before they are attached") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double lr : {0.0, -1.0, nan, std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(Sgd({.lr = lr}), std::invalid_argument);
  }
  CHECK_THROWS_WITH_AS(Sgd({.momentum = 1}), "momentum: found 1, expected a number from 0 to below 1",
                       std::invalid_argument);
  CHECK_THROWS_AS(Sgd({.nesterov = true}), std::invalid_argument);
  CHECK_THROWS_WITH_AS(Sgd({.momentum = 0.9, .nesterov = true, .manhattan = true}),
                       "nesterov: found it together with manhattan, expected one of the two",
                       std::invalid_argument);
  CHECK_THROWS_AS(make_optimizer("adam:manhattan=yes", 0.1), std::invalid_argument);
  CHECK_THROWS_AS(Adam({.beta2 = 1}), std::invalid_argument);
  CHECK_THROWS_AS(make_optimizer("adam:momentum=0.9", 0.1), std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_optimizer("adamm", 0.1), "unknown optimizer 'adamm' (nearest: adam, adamw, sgd)",
                       std::invalid_argument);
  Sgd sgd;
  Network net = mlp({2, 2});
  const Workspace workspace(net, 1);
  CHECK_THROWS_AS(sgd.step(net, Matrix::Zero(2, 1), workspace), std::logic_error);
}

TEST_CASE(
    "an optimizer refuses gradients of other parameters than it is attached to, and factors that are none") {
  // Tells of a bias, but has no gradient for it.
  class Forgetful final : public Layer {
   public:
    [[nodiscard]] std::string describe() const override { return "forgetful"; }
    [[nodiscard]] LayerShape shape(Index below) const override { return {.inputs = below, .outputs = below}; }
    void forward(ConstRef x, Ref y, Phase) override { y = x; }
    void backward(ConstRef, ConstRef, ConstRef from_above, Phase, Ref below) override { below = from_above; }
    void visit_parameters(ParameterVisitor visit) override { visit({"bias", bias_}); }

   private:
    Matrix bias_ = Matrix::Zero(2, 1);
  };
  const Matrix x = Matrix::Ones(2, 1);
  const auto take_step = [&](Network& attached, Network& stepped, double lr_factor) {
    Sgd sgd;
    sgd.attach(attached);
    Workspace workspace(stepped, 1);
    stepped.forward(x, workspace, Phase::training);
    for (std::size_t l = 0; l < stepped.depth(); ++l) workspace.error(l).setOnes();
    sgd.step(stepped, x, workspace, lr_factor);
  };
  Network forgetful;
  forgetful.add<Dense>(2, 2);
  forgetful.add<Forgetful>();
  forgetful.initialize(1);
  CHECK_THROWS_WITH_AS(take_step(forgetful, forgetful, 1),
                       "optimizer: found gradients for 2 of the 3 parameters that it is attached to",
                       std::invalid_argument);

  Network one = mlp({2, 2});
  Network two = mlp({2, 2, 2});
  Network wide = mlp({2, 3});
  CHECK_NOTHROW(take_step(one, one, 0));
  CHECK_THROWS_WITH_AS(take_step(one, two, 1),
                       "optimizer: found a gradient for more than the 2 parameters that it is attached to",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      take_step(one, wide, 1),
      "optimizer: found a gradient for another matrix than layers.0.weight, expected the order "
      "of the parameters",
      std::invalid_argument);
  for (const double factor : {-1.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(take_step(one, one, factor), std::invalid_argument);
}
