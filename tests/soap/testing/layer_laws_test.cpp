// The published laws, held to layers that break one each; the library's own are held to them in their tests.
#include "soap/testing/layer_laws.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "soap/base/text.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/nn/activation.hpp"

using namespace soap;

namespace {

// A gain for each of its units, as far as a derived layer does not spoil it.
class Gains : public Layer {
 public:
  explicit Gains(Index units) : gains_(Matrix::Ones(units, 1)), zeros_(Matrix::Zero(units, 1)) {}
  [[nodiscard]] std::string describe() const override { return "gains"; }
  [[nodiscard]] LayerShape shape(Index) const override {
    return {.inputs = gains_.rows(), .outputs = gains_.rows()};
  }
  void initialize(const LayerSeed& seed) override {
    Rng rng = seed.weights();
    for (Scalar& gain : gains_.reshaped()) gain = static_cast<Scalar>(1 + rng.normal());
  }
  void forward(ConstRef x, Ref y, Phase) override {
    y = x;
    for (Index j = 0; j < x.cols(); ++j) y.col(j).array() *= gains_.col(0).array();
  }
  void backward(ConstRef, ConstRef, ConstRef from_above, Phase phase, Ref below) override {
    Gains::forward(from_above, below, phase);
  }
  void visit_parameters(ParameterVisitor visit) override { visit({"gain", gains_}); }
  void visit_gradients(ConstRef x, ConstRef from_above, GradientVisitor visit) override {
    products_ = x.array() * from_above.array();
    visit(gains_, Gradient::row_sums(products_));
  }

 protected:
  Matrix gains_;
  Matrix zeros_;
  Matrix products_;
};

template <class L>
std::string broken(Index units = 6) {
  return join(testing::broken_layer_laws([=] { return std::make_unique<L>(units); }, units), "\n");
}

class SendsTwice final : public Gains {
 public:
  using Gains::Gains;
  void backward(ConstRef x, ConstRef y, ConstRef from_above, Phase phase, Ref below) override {
    Gains::backward(x, y, from_above, phase, below);
    below *= 2;
  }
};

class ShowsZeros final : public Gains {
 public:
  using Gains::Gains;
  void visit_gradients(ConstRef, ConstRef, GradientVisitor visit) override {
    visit(gains_, Gradient::row_sums(zeros_));
  }
};

class ShowsNone final : public Gains {
 public:
  using Gains::Gains;
  void visit_gradients(ConstRef, ConstRef, GradientVisitor) override {}
};

class LeavesTheLast final : public Gains {
 public:
  using Gains::Gains;
  void backward(ConstRef x, ConstRef y, ConstRef from_above, Phase phase, Ref below) override {
    const Scalar kept = below(below.rows() - 1, below.cols() - 1);
    Gains::backward(x, y, from_above, phase, below);
    below(below.rows() - 1, below.cols() - 1) = kept;
  }
};

class AsksForThreads final : public Gains {
 public:
  using Gains::Gains;
  void forward(ConstRef x, Ref y, Phase phase) override {
    Gains::forward(x, y, phase);
    y.array() += static_cast<Scalar>(1e-3 * usable_threads());
  }
};

class DrawsAnew final : public Gains {
 public:
  using Gains::Gains;
  void initialize(const LayerSeed&) override {
    static int calls = 0;
    gains_.setConstant(static_cast<Scalar>(++calls));
  }
};

// Counts, silently, how often it was called.
class Tires final : public Gains {
 public:
  using Gains::Gains;
  void initialize(const LayerSeed& seed) override {
    Gains::initialize(seed);
    shift_ = static_cast<Scalar>(seed.seed);
  }
  void forward(ConstRef x, Ref y, Phase phase) override {
    Gains::forward(x, y, phase);
    y.array() += shift_;
  }

 private:
  Scalar shift_ = 0;
};

class TakesOneMore final : public Gains {
 public:
  using Gains::Gains;
  [[nodiscard]] LayerShape shape(Index) const override {
    return {.inputs = gains_.rows() + 1, .outputs = gains_.rows()};
  }
};

// Two thirds of the right slope.
struct WrongFunction {
  [[nodiscard]] std::string name() const { return "wrong"; }
  [[nodiscard]] Scalar value(Scalar z) const { return z * z * z; }
  [[nodiscard]] Scalar slope(Scalar z, Scalar) const { return 2 * z * z; }
};

}  // namespace

TEST_CASE("a layer that obeys the laws breaks none") {
  CHECK(broken<Gains>() == "");
  CHECK(broken<Gains>(1) == "");
}

TEST_CASE("each law finds the layer that breaks it, and nothing else") {
  const auto is = [](const std::string& sentence, const std::string& law, const std::string& place) {
    CHECK(sentence == "layer 'gains' " + law + " (" + place + ")");
  };
  const std::string first_batch = "6 inputs, a batch of 1";
  is(broken<SendsTwice>(), "sends down another error than the slope of its output by its input", first_batch);
  is(broken<ShowsZeros>(), "shows another gradient of gain than the slope of its output by it", first_batch);
  is(broken<ShowsNone>(), "does not show a gradient of each parameter, in the order of the parameters",
     first_batch);
  is(broken<AsksForThreads>(), "does not compute the same bits on three threads", "6 inputs");
  is(broken<DrawsAnew>(), "does not draw the same values from the same seed", "6 inputs");
  is(broken<Tires>(), "does not show its whole state: one that is given it computes something else",
     "6 inputs");
  is(broken<TakesOneMore>(), "does not take the inputs that it was asked to", "6 inputs");
  CHECK(broken<LeavesTheLast>().find("leaves elements of its output or of the error below unwritten") !=
        std::string::npos);
  const auto wrong = [] { return std::make_unique<Activation<WrongFunction>>(); };
  CHECK(testing::broken_layer_laws(wrong, 9).front() ==
        "layer 'wrong' sends down another error than the slope of its output by its input (9 inputs, a batch "
        "of "
        "1)");
}

TEST_CASE("laws for no layer are refused") {
  CHECK_THROWS_WITH_AS(testing::broken_layer_laws([] { return std::unique_ptr<Layer>(); }, 3),
                       "layer laws: found no layer made, expected one", std::invalid_argument);
}
