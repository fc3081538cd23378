#include "soap/nn/activation.hpp"

#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/text.hpp"
#include "soap/testing/layer_laws.hpp"

#include "tests/support/golden.hpp"
#include "tests/support/instruction_sets.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

// The library's own: tests add theirs later.
const std::vector<std::string> own_activations = activation_names();

}  // namespace

TEST_CASE("activations agree with the reference") {
  const auto& figures = golden().at("activations");
  const Matrix z = golden_transposed(figures.at("z"));
  const Matrix from_above = golden_transposed(figures.at("grad_out"));
  const std::map<std::string, std::string> our_names = {
      {"tanh", "tanh"},         {"relu", "relu"}, {"sigmoid", "sigmoid"},
      {"softplus", "softplus"}, {"gelu", "gelu"}, {"leaky_relu_0_01", "leaky_relu:slope=0.01"}};
  for (const auto& item : figures.at("cases").items()) {
    const std::string& name = item.key();
    const auto& figure = item.value();
    CAPTURE(name);
    const auto layer = make_activation(our_names.at(name));
    Matrix y(z.rows(), z.cols());
    layer->forward(z, y, Phase::training);
    CHECK(largest_difference(y, golden_transposed(figure.at("y"))) < golden_tolerance);
    Matrix below(z.rows(), z.cols());
    layer->backward(z, y, from_above, Phase::training, below);
    CHECK(largest_difference(below, golden_transposed(figure.at("grad_z"))) < golden_tolerance);
  }
}

TEST_CASE("every activation obeys the layer laws") {
  for (const auto& name : own_activations) {
    CAPTURE(name);
    CHECK(join(testing::broken_layer_laws([&] { return make_activation(name); }, 9), "\n").empty());
  }
}

TEST_CASE("an activation gives an element the same bits in any matrix, on any number of threads") {
  const Matrix z = random_matrix(131, 300, 1);
  const Matrix from_above = random_matrix(131, 300, 2);
  for (const auto& name : own_activations) {
    CAPTURE(name);
    const auto layer = make_activation(name);
    for_each_instruction_set([&] {
      const auto pass = [&](Index rows, int count) {
        const ThreadCount threads(count);
        Matrix y = Matrix::Constant(131, 300, -7);
        Matrix below = Matrix::Constant(131, 300, -7);
        layer->forward(z.topRows(rows), y.topRows(rows), Phase::training);
        const auto above = from_above.topRows(rows);
        layer->backward(z.topRows(rows), y.topRows(rows), above, Phase::training, below.topRows(rows));
        Matrix both(262, 300);
        both << y, below;
        return both;
      };
      const Matrix whole = pass(131, 1);
      CHECK(same_bits(pass(131, 3), whole));
      for (const int count : {1, 3}) {
        const Matrix part = pass(120, count);
        CHECK(same_bits(part.topRows(120), whole.topRows(120)));
        CHECK(same_bits(part.middleRows(131, 120), whole.middleRows(131, 120)));
        CHECK((part.middleRows(120, 11).array() == -7).all());
        CHECK((part.bottomRows(11).array() == -7).all());
      }
    });
  }
}

TEST_CASE("activations are finite for large inputs and carry NaN") {
  Matrix z(3, 1);
  z << 1000, -1000, std::numeric_limits<Scalar>::quiet_NaN();
  for (const auto& name : own_activations) {
    CAPTURE(name);
    const auto layer = make_activation(name);
    Matrix y(3, 1);
    Matrix below(3, 1);
    const Matrix one = Matrix::Ones(3, 1);
    layer->forward(z, y, Phase::training);
    layer->backward(z, y, one, Phase::training, below);
    CHECK(y.topRows(2).allFinite());
    CHECK(below.topRows(2).allFinite());
    CHECK(std::isnan(y(2, 0)));
  }
}

TEST_CASE("an activation refuses matrices of different shapes") {
  const Matrix z = Matrix::Ones(3, 2);
  Matrix fits(3, 2);
  Matrix small(2, 2);
  for (const auto& name : own_activations) {
    CAPTURE(name);
    const auto layer = make_activation(name);
    CHECK_THROWS_WITH_AS(layer->forward(z, small, Phase::training),
                         "activation: found y of 2x2, expected 3x2 as z has", std::invalid_argument);
    CHECK_THROWS_AS(layer->backward(z, small, fits, Phase::training, fits), std::invalid_argument);
    CHECK_THROWS_AS(layer->backward(z, fits, small, Phase::training, fits), std::invalid_argument);
    CHECK_THROWS_WITH_AS(layer->backward(z, fits, fits, Phase::training, small),
                         "activation: found below of 2x2, expected 3x2 as z has", std::invalid_argument);
  }
}

TEST_CASE("activations are made by name, and a wrong name is refused with the nearest ones") {
  for (const std::string& name : own_activations) CHECK(make_activation(name)->describe() == name);
  for (const std::string text : {"leaky_relu:slope=0.2", "leaky_relu:slope=0", "leaky_relu:slope=1e-7"})
    CHECK(make_activation(text)->describe() == canonical_activation(text));
  CHECK(make_activation("leaky_relu:slope=0.01")->describe() == "leaky_relu");
  CHECK_THROWS_WITH_AS(make_activation("tahn"), "unknown activation 'tahn' (nearest: tanh, gelu, relu)",
                       std::invalid_argument);
  CHECK_THROWS_AS(make_activation("tanh:slope=1"), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)Tanh().shape(0),
                       "tanh: found no layer below, expected a layer that states its size",
                       std::invalid_argument);
}
