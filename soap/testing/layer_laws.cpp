#include "soap/testing/layer_laws.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "soap/testing/parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

using namespace testing::detail;

namespace {

using MakeLayer = std::function<std::unique_ptr<Layer>()>;

std::unique_ptr<Layer> made_ready(const MakeLayer& make) {
  auto layer = make();
  if (layer == nullptr) throw std::invalid_argument("layer laws: found no layer made, expected one");
  layer->initialize({.seed = 3, .index = 0, .n_out = 2, .sends_down = true});
  return layer;
}

Matrix outputs_of(Layer& layer, const Matrix& x) {
  Matrix y =
      Matrix::Constant(layer.shape(x.rows()).outputs, x.cols(), std::numeric_limits<Scalar>::quiet_NaN());
  layer.forward(x, y, Phase::training);
  return y;
}

std::vector<Matrix> gradients_of(Layer& layer, const Matrix& x, const Matrix& from_above) {
  std::vector<Matrix> gradients;
  layer.visit_gradients(x, from_above, [&](Ref value, const Gradient& gradient) {
    gradients.emplace_back(value.rows(), value.cols());
    gradient.accumulate(1, 0, gradients.back());
  });
  return gradients;
}

struct Passes {
  Matrix y;
  Matrix below;
  std::vector<Matrix> gradients;
};

Passes run(Layer& layer, const Matrix& x, const Matrix& from_above) {
  Passes passes;
  passes.y = outputs_of(layer, x);
  passes.below = Matrix::Constant(x.rows(), x.cols(), std::numeric_limits<Scalar>::quiet_NaN());
  layer.backward(x, passes.y, from_above, Phase::training, passes.below);
  passes.gradients = gradients_of(layer, x, from_above);
  return passes;
}

// The largest difference between derivatives and finite differences of loss() over `values`, relative to the
// largest derivative or 1. Where there is a kink within a step, a derivative is one of the slopes beside it.
double worst_difference(Ref values, ConstRef derivatives, const std::function<double()>& loss) {
  constexpr double step = sizeof(Scalar) == sizeof(double) ? 1e-6 : 1e-2;
  const double here = loss();
  double worst = 0;
  double scale = 1;
  for (Index j = 0; j < values.cols(); ++j) {
    for (Index i = 0; i < values.rows(); ++i) {
      const Scalar kept = values(i, j);
      values(i, j) = kept + static_cast<Scalar>(step);
      const double up = loss();
      values(i, j) = kept - static_cast<Scalar>(step);
      const double down = loss();
      values(i, j) = kept;
      const auto derivative = static_cast<double>(derivatives(i, j));
      const auto away_from = [&](double slope) { return std::abs(slope - derivative); };
      const double difference = std::min({away_from((up - down) / (2 * step)), away_from((up - here) / step),
                                          away_from((here - down) / step)});
      scale = std::max(scale, std::abs(derivative));
      if (!(difference <= worst)) worst = difference;
    }
  }
  return worst / scale;
}

bool follows_its_slope(Layer& layer) {
  const Feedback* feedback = layer.feedback();
  return feedback == nullptr || feedback->rule() == "bp";
}

// The loss is <from_above, y>.
void check_derivatives(Layer& layer, Index inputs, Index batch, const Report& report) {
  constexpr double tolerance = sizeof(Scalar) == sizeof(double) ? 1e-8 : 2e-2;
  Matrix x = random_matrix(inputs, batch, 5);
  const Matrix from_above = random_matrix(layer.shape(inputs).outputs, batch, 6);
  const Passes passes = run(layer, x, from_above);
  const auto loss = [&] {
    return static_cast<double>((from_above.array() * outputs_of(layer, x).array()).sum());
  };
  const auto close = [&](Ref values, ConstRef derivatives) {
    return worst_difference(values, derivatives, loss) < tolerance;
  };
  if (follows_its_slope(layer))
    report(close(x, passes.below), "sends down another error than the slope of its output by its input");
  std::size_t i = 0;
  bool matched = true;
  layer.visit_parameters([&](Parameter parameter) {
    matched = matched && i < passes.gradients.size() &&
              passes.gradients[i].rows() == parameter.value.rows() &&
              passes.gradients[i].cols() == parameter.value.cols();
    if (matched) {
      report(
          close(parameter.value, passes.gradients[i]),
          "shows another gradient of " + std::string(parameter.name) + " than the slope of its output by it");
    }
    ++i;
  });
  report(matched && i == passes.gradients.size(),
         "does not show a gradient of each parameter, in the order of the parameters");
}

bool same_bits_in(const Passes& a, const Passes& b) {
  bool same = same_bits(a.y, b.y) && same_bits(a.below, b.below) && a.gradients.size() == b.gradients.size();
  for (std::size_t i = 0; same && i < a.gradients.size(); ++i)
    same = same_bits(a.gradients[i], b.gradients[i]);
  return same;
}

void check_bits(const MakeLayer& make, Index inputs, const Report& report) {
  const Matrix x = random_matrix(inputs, 600, 7);
  const auto layer = made_ready(make);
  const Matrix from_above = random_matrix(layer->shape(inputs).outputs, x.cols(), 8);
  const auto run_on = [&](Layer& other, int count) {
    const ThreadCount threads(count);
    return run(other, x, from_above);
  };
  const Passes one = run_on(*layer, 1);
  report(one.y.allFinite() && one.below.allFinite(),
         "leaves elements of its output or of the error below unwritten, or computes what is not finite");
  report(same_bits_in(run_on(*layer, 3), one), "does not compute the same bits on three threads");
  report(same_bits_in(run_on(*made_ready(make), 1), one), "does not draw the same values from the same seed");
}

void check_state(const MakeLayer& make, Index inputs, const Report& report) {
  const auto layer = made_ready(make);
  std::vector<Matrix> parameters;
  layer->visit_parameters([&](Parameter parameter) {
    parameter.value += random_matrix(parameter.value.rows(), parameter.value.cols(), 9);
    parameters.emplace_back(parameter.value);
  });
  const Matrix x = random_matrix(inputs, 5, 10);
  const Matrix from_above = random_matrix(layer->shape(inputs).outputs, x.cols(), 11);
  (void)run(*layer, x, from_above);  // what it sees may be part of its state
  const auto heir = make();
  heir->initialize({.seed = 4, .index = 0, .n_out = 2, .sends_down = true});
  std::size_t i = 0;
  heir->visit_parameters([&](Parameter parameter) { parameter.value = parameters.at(i++); });
  StateWriter writer{SavedState(*layer)};
  heir->visit_state(writer);
  if (layer->feedback() != nullptr) {
    StateWriter of_feedback{SavedState(*layer->feedback())};
    heir->feedback()->visit_state(of_feedback);
  }
  report(writer.fits(), "shows state of another shape than it stores");
  report(same_bits_in(run(*heir, x, from_above), run(*layer, x, from_above)),
         "does not show its whole state: one that is given it computes something else");
}

}  // namespace

std::vector<std::string> testing::broken_layer_laws(const MakeLayer& make, Index inputs) {
  const auto layer = made_ready(make);
  BrokenLaws broken("layer '" + layer->describe() + "'");
  const PlacedReport report = broken.report();
  const Report anywhere = [&](bool obeyed, const std::string& law) {
    report(obeyed, law, std::to_string(inputs) + " inputs");
  };
  anywhere(layer->shape(inputs).inputs == inputs, "does not take the inputs that it was asked to");
  for (const Index batch : {1, 4}) {
    check_derivatives(*layer, inputs, batch, [&](bool obeyed, const std::string& law) {
      report(obeyed, law, std::to_string(inputs) + " inputs, a batch of " + std::to_string(batch));
    });
  }
  check_bits(make, inputs, anywhere);
  check_state(make, inputs, anywhere);
  return broken.sentences();
}

}  // namespace SOAP_ABI
}  // namespace soap
