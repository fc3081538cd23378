#include "soap/nn/loss.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/golden.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

// The library's own: tests add theirs later.
const std::vector<std::string> own_losses = loss_names();

}  // namespace

TEST_CASE("losses and their gradients agree with the reference") {
  const auto& figures = golden().at("losses");
  const Matrix output = golden_transposed(figures.at("output"));
  const Matrix values = golden_transposed(figures.at("targets"));
  const auto labels = figures.at("labels").get<std::vector<std::int32_t>>();
  for (const auto& item : figures.at("cases").items()) {
    const std::string& name = item.key();
    const auto& figure = item.value();
    CAPTURE(name);
    const auto loss = make_loss(name == "binary_cross_entropy_with_logits" ? "binary_cross_entropy" : name);
    Matrix error(output.rows(), output.cols());
    const double value = loss->value_and_error(output, {values, labels}, error);
    CHECK(value == doctest::Approx(figure.at("value").get<double>()).epsilon(golden_tolerance));
    CHECK(loss->value(output, {values, labels}) == value);
    CHECK(largest_difference(error, golden_transposed(figure.at("grad"))) < golden_tolerance);
  }
}

TEST_CASE("softmax cross-entropy is stable for logits of a thousand") {
  const auto& figure = golden().at("losses").at("extreme");
  const Matrix output = golden_transposed(figure.at("output"));
  const auto labels = figure.at("labels").get<std::vector<std::int32_t>>();
  Matrix error(output.rows(), output.cols());
  const double value = SoftmaxCrossEntropy().value_and_error(output, {output, labels}, error);
  CHECK(value == doctest::Approx(figure.at("value").get<double>()).epsilon(golden_tolerance));
  CHECK(largest_difference(error, golden_transposed(figure.at("grad"))) < golden_tolerance);
}

TEST_CASE("the gradient of every loss is that of finite differences") {
  if (sizeof(Scalar) < sizeof(double)) return;  // the reference figures hold the float build to its tolerance
  Matrix output = random_matrix(4, 3, 1);
  const Matrix values = random_matrix(4, 3, 2).array().abs().min(1);
  const std::vector<std::int32_t> labels = {2, 0, 3};
  for (const auto& name : own_losses) {
    CAPTURE(name);
    const auto loss = make_loss(name);
    Matrix error(4, 3);
    loss->value_and_error(output, {values, labels}, error);
    for (Index i = 0; i < output.size(); ++i) {
      constexpr auto step = Scalar(1e-6);
      const Scalar kept = output(i);
      output(i) = kept + step;
      const double up = loss->value(output, {values, labels});
      output(i) = kept - step;
      const double down = loss->value(output, {values, labels});
      output(i) = kept;
      CHECK(std::abs((up - down) / (2 * step) - error(i)) < 1e-8);
    }
  }
}

TEST_CASE("losses carry NaN, and softmax cross-entropy needs labels") {
  Matrix output = Matrix::Zero(3, 2);
  output(1, 1) = std::numeric_limits<Scalar>::quiet_NaN();
  const std::vector<std::int32_t> labels = {0, 1};
  const Matrix values = Matrix::Zero(3, 2);
  for (const auto& name : own_losses) {
    CAPTURE(name);
    CHECK(std::isnan(make_loss(name)->value(output, {values, labels})));
  }
  CHECK_THROWS_WITH_AS((void)SoftmaxCrossEntropy().value(output, {values, {}}),
                       "softmax_cross_entropy: found 0 labels for 2 examples, expected one each",
                       std::invalid_argument);
  CHECK_THROWS_AS(make_loss("softmax"), std::invalid_argument);
}

TEST_CASE("correct columns are those with the largest output at the label") {
  Matrix output(2, 3);
  output << 1, 0, 2,  //
      0, 5, 3;
  CHECK(count_correct(output, std::vector<std::int32_t>{0, 1, 0}) == 2);
}

TEST_CASE("losses refuse labels, targets and errors that do not fit the output") {
  const Matrix output = Matrix::Zero(2, 2);
  const Matrix values = Matrix::Zero(2, 2);
  const std::vector<std::int32_t> labels = {0, 1};
  Matrix error(2, 2);
  for (const std::int32_t wrong : {-1, 2, 70000}) {
    const std::vector<std::int32_t> given = {0, wrong};
    const std::string sentence = ": found label " + std::to_string(wrong) + ", expected labels of 0 to 1";
    const SoftmaxCrossEntropy loss;
    CHECK_THROWS_WITH_AS((void)loss.value(output, {values, given}), (loss.name() + sentence).c_str(),
                         std::invalid_argument);
    CHECK_THROWS_AS(loss.value_and_error(output, {values, given}, error), std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)count_correct(output, given), ("accuracy" + sentence).c_str(),
                         std::invalid_argument);
  }
  CHECK_THROWS_AS((void)count_correct(output, std::vector<std::int32_t>{0}), std::invalid_argument);

  const Matrix one_column = Matrix::Zero(2, 1);
  for (const std::string name : {"mean_squared_error", "binary_cross_entropy"}) {
    const auto loss = make_loss(name);
    CHECK_THROWS_WITH_AS(
        (void)loss->value(output, {one_column, {}}),
        (name + ": found targets of 2x1 for an output of 2x2, expected the same shape").c_str(),
        std::invalid_argument);
    CHECK_THROWS_AS(loss->value_and_error(output, {one_column, {}}, error), std::invalid_argument);
  }
  Matrix short_error(2, 1);
  const Matrix empty(2, 0);
  for (const auto& name : own_losses) {
    CAPTURE(name);
    const auto loss = make_loss(name);
    CHECK_THROWS_WITH_AS(
        loss->value_and_error(output, {values, labels}, short_error),
        (name + ": found an error of 2x1 for an output of 2x2, expected the same shape").c_str(),
        std::invalid_argument);
    CHECK_THROWS_AS((void)loss->value(empty, {empty, {}}), std::invalid_argument);
  }
  for (const Scalar target : {Scalar(-0.1), Scalar(1.1), std::numeric_limits<Scalar>::quiet_NaN()}) {
    const Matrix targets = Matrix::Constant(2, 2, target);
    CHECK_THROWS_WITH_AS((void)BinaryCrossEntropyWithLogits().value(output, {targets, {}}),
                         "binary_cross_entropy: found a target that is not in 0 ... 1",
                         std::invalid_argument);
  }
}
