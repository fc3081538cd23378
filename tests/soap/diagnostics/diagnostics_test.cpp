#include "soap/diagnostics/diagnostics.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>
#include <utility>

#include <doctest/doctest.h>

#include "soap/diagnostics/measures.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/direct_feedback.hpp"
#include "tests/support/feedback_state.hpp"
#include "tests/support/matrices.hpp"
#include "tests/support/small_problem.hpp"

using namespace soap;

namespace {

constexpr bool is_double = sizeof(Scalar) == sizeof(double);

struct Setting {
  double lr = 0.1;
  std::string optimizer = "sgd";
  std::int64_t epochs = 1;
  std::int64_t interval = 1;
  Index examples = 64;
  Index batch = 16;
};

std::vector<DiagnosticSample> samples_of(Network& network, const Setting& setting = {},
                                         std::unique_ptr<LearningStep> step = nullptr) {
  const SmallProblem data(setting.examples);
  const SoftmaxCrossEntropy loss;
  const auto optimizer = make_optimizer(setting.optimizer, setting.lr);
  if (!step) step = std::make_unique<BackwardStep>();
  Trainer trainer(network, loss, *optimizer, {.epochs = setting.epochs, .batch_size = setting.batch},
                  std::move(step));
  Diagnostics diagnostics({.interval = setting.interval});
  trainer.observe(diagnostics);
  trainer.fit(data);
  return diagnostics.samples();
}

// A 6-20-12-4 network: its layers with weights are 0, 2 and 4.
std::vector<DiagnosticSample> samples_of(const std::string& rule, const Setting& setting = {},
                                         const std::string& activation = "tanh") {
  Network network = mlp({6, 20, 12, 4}, {.rule = rule, .activation = activation});
  return samples_of(network, setting);
}

const LayerDiagnostics& layer(const DiagnosticSample& sample, const std::string& name) {
  const auto found = std::find_if(sample.layers.begin(), sample.layers.end(),
                                  [&](const LayerDiagnostics& row) { return row.layer == name; });
  REQUIRE(found != sample.layers.end());
  return *found;
}

// Passes the batch's step on, and forgets what a watcher could see of it.
class SilentStep final : public LearningStep {
 public:
  explicit SilentStep(bool uses_feedback) : uses_feedback_(uses_feedback) {}
  [[nodiscard]] std::string kind() const override { return "silent"; }
  [[nodiscard]] bool uses_feedback() const override { return uses_feedback_; }
  void prepare(Network& network, Index capacity, std::uint64_t seed) override {
    step_.prepare(network, capacity, seed);
  }
  double run(const Batch& batch, const StepContext& context) override { return step_.run(batch, context); }

 private:
  bool uses_feedback_;
  BackwardStep step_;
};

}  // namespace

TEST_CASE(
    "samples are taken at the first step, every k and the end of each epoch, with a row a layer and one for "
    "all") {
  const auto samples = samples_of("fa", {.epochs = 2, .interval = 3, .examples = 60});
  REQUIRE(samples.size() == 5);
  const std::int64_t steps[] = {1, 3, 4, 6, 8};
  const std::int64_t examples[] = {15, 45, 60, 60 + 2 * 15, 2 * 60};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(samples[i].step == steps[i]);
    CHECK(samples[i].examples == examples[i]);
    CHECK(samples[i].epoch == (i < 3 ? 1 : 2));
    REQUIRE(samples[i].layers.size() == 4);
    CHECK(samples[i].layers[0].layer == "layers.0");
    CHECK(samples[i].layers[1].layer == "layers.2");
    CHECK(samples[i].layers[2].layer == "layers.4");
    CHECK(samples[i].layers[3].layer == "all");
    CHECK(samples[i].layers[0].effective_rank.has_value());
  }
  CHECK_THROWS_AS(Diagnostics({.interval = 0}), std::invalid_argument);
}

TEST_CASE(
    "a rank is measured of all batches of an epoch but one that is smaller than the others by more than "
    "one") {
  // 62 examples in batches of 16 and 16 and 15 and 15, or of 16, 16, 16 and 14.
  for (const bool even : {true, false}) {
    Network network = mlp({6, 20, 12, 4}, {.rule = "fa"});
    const SoftmaxCrossEntropy loss;
    Sgd sgd({.lr = 0.1});
    Trainer trainer(
        network, loss, sgd,
        {.batch_size = 16, .batch_sizes = even ? soap::BatchSizes::even : soap::BatchSizes::full_but_last});
    Diagnostics diagnostics({.interval = 1});
    trainer.observe(diagnostics);
    trainer.fit(SmallProblem(62));
    REQUIRE(diagnostics.samples().size() == 4);
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(diagnostics.samples()[i].layers[0].effective_rank.has_value() == (even || i < 3));
  }
}

TEST_CASE("what a row cannot have stays blank") {
  const auto samples = samples_of("bp");
  using Names = std::vector<std::string_view>;
  const auto blanks = [&](const std::string& name) {
    Names names;
    for (const auto& column : diagnostic_columns) {
      if (!(layer(samples[0], name).*column.value)) names.push_back(column.name);
    }
    return names;
  };
  CHECK(blanks("layers.0") == Names{"feedback_angle", "sign_concordance", "weighted_sign_concordance",
                                    "feedback_norm_ratio", "local_delta_angle", "local_delta_norm_ratio",
                                    "descent_efficiency", "bits_per_example"});
  CHECK(blanks("layers.2") == Names{"descent_efficiency"});
  CHECK(blanks("layers.4") == Names{"descent_efficiency", "dead_units", "saturated_units", "effective_rank"});
  CHECK(blanks("all") == Names{"feedback_angle", "sign_concordance", "weighted_sign_concordance",
                               "feedback_norm_ratio", "local_delta_angle", "local_delta_norm_ratio",
                               "delta_angle", "delta_norm_ratio", "dead_units", "saturated_units",
                               "effective_rank"});
}

TEST_CASE("backpropagation is at no angle with itself") {
  // Weights are of size 1 and their change of size 0.01, which leaves few digits of a change in floats.
  const double update_tolerance = is_double ? 1e-9 : 0.02;
  for (const auto& sample : samples_of("bp")) {
    CAPTURE(sample.step);
    for (const char* name : {"layers.0", "layers.2", "layers.4"}) {
      const LayerDiagnostics& row = layer(sample, name);
      CHECK(row.delta_angle.value() < 1e-3);
      CHECK(row.delta_norm_ratio.value() == doctest::Approx(1));
      CHECK(row.update_angle.value() < update_tolerance);
      CHECK(row.update_norm_ratio.value() == doctest::Approx(1).epsilon(1e-4));
      if (row.layer == "layers.0") continue;
      CHECK(row.feedback_angle == 0);
      CHECK(row.feedback_norm_ratio == 1);
      CHECK(row.sign_concordance == 1);
      CHECK(row.weighted_sign_concordance == 1);
      CHECK(row.local_delta_angle.value() < 1e-3);
      CHECK(row.local_delta_norm_ratio.value() == doctest::Approx(1));
    }
    CHECK(layer(sample, "all").update_angle.value() < update_tolerance);
  }
}

TEST_CASE("a fixed random feedback is compared with the weights of the step, entry by entry") {
  Network network = mlp({6, 20, 12, 4}, {.rule = "fa"});
  const Matrix B = get_matrix(*network.layer(2).feedback(), "B");
  const Matrix W_transposed = network.layer(2).weights()->transpose();
  const auto samples = samples_of(network);
  const LayerDiagnostics& first = layer(samples[0], "layers.2");
  CHECK(first.feedback_angle == angle(B, W_transposed));
  CHECK(first.feedback_norm_ratio == norm_ratio(B, W_transposed));
  CHECK(first.sign_concordance == sign_concordance(B, W_transposed)->share);
  CHECK(first.weighted_sign_concordance == sign_concordance(B, W_transposed)->weighted);
  CHECK(std::abs(first.feedback_angle.value() - 90) < 15);  // 240 random numbers: a deviation of 4 degrees
  CHECK(std::abs(first.sign_concordance.value() - 0.5) < 0.15);
  CHECK(samples[3].layers[1].feedback_angle != first.feedback_angle);
}

TEST_CASE(
    "errors are compared end to end with the whole path of backpropagation, and locally with one edge") {
  Network network = mlp({6, 20, 12, 4}, {.rule = "fa"});
  Network copy = mlp({6, 20, 12, 4}, {.rule = "fa"});
  const auto samples = samples_of(network, {.examples = 16});

  // The same step by hand: one batch holds all examples, whose order changes no angle.
  const SmallProblem data(16);
  Batch batch;
  batch.reserve(6, 4, 16);
  std::vector<Index> order(16);
  for (std::size_t i = 0; i < 16; ++i) order[i] = static_cast<Index>(i);
  batch.resize(16);
  data.gather(order, batch);
  Workspace w(copy, 16);
  copy.forward(batch.inputs(), w, Phase::training);
  SoftmaxCrossEntropy().value_and_error(w.output(4), {batch.targets(), batch.labels()}, w.error(4));
  const Matrix top = w.error(4);
  const auto slope = [&](std::size_t l) { return (1 - w.output(l).array().square()).matrix(); };
  const auto B = [&](std::size_t l) { return get_matrix(*copy.layer(l).feedback(), "B"); };
  const auto W = [&](std::size_t l) -> const Matrix& { return *copy.layer(l).weights(); };
  const Matrix fa_below_4 = B(4) * top;
  const Matrix fa_2 = fa_below_4.cwiseProduct(slope(3));
  const Matrix fa_below_2 = B(2) * fa_2;
  const Matrix fa_0 = fa_below_2.cwiseProduct(slope(1));
  const Matrix bp_2 = (W(4).transpose() * top).cwiseProduct(slope(3));
  const Matrix bp_0 = (W(2).transpose() * bp_2).cwiseProduct(slope(1));

  const auto near = [](std::optional<double> found, std::optional<double> expected) {
    CHECK(found.value() == doctest::Approx(expected.value()).epsilon(1e-4));
  };
  const DiagnosticSample& sample = samples.at(0);
  near(layer(sample, "layers.4").local_delta_angle, angle(fa_below_4, W(4).transpose() * top));
  near(layer(sample, "layers.2").local_delta_angle, angle(fa_below_2, W(2).transpose() * fa_2));
  near(layer(sample, "layers.2").local_delta_norm_ratio, norm_ratio(fa_below_2, W(2).transpose() * fa_2));
  near(layer(sample, "layers.2").delta_angle, angle(fa_2, bp_2));
  near(layer(sample, "layers.0").delta_angle, angle(fa_0, bp_0));
  near(layer(sample, "layers.0").delta_norm_ratio, norm_ratio(fa_0, bp_0));
  CHECK(layer(sample, "layers.4").delta_angle.value() < 1e-3);

  // The update is -lr·delta·xᵀ, so its angle is that of the gradients.
  Matrix fa_gradient(20, 7);
  fa_gradient << fa_0 * batch.inputs().transpose(), fa_0.rowwise().sum();
  Matrix bp_gradient(20, 7);
  bp_gradient << bp_0 * batch.inputs().transpose(), bp_0.rowwise().sum();
  near(layer(sample, "layers.0").update_angle, angle(fa_gradient, bp_gradient));
  near(layer(sample, "layers.0").update_norm_ratio, norm_ratio(fa_gradient, bp_gradient));

  // Of the activity before the step.
  near(layer(sample, "layers.0").effective_rank, effective_rank(w.output(1)));
  near(layer(sample, "layers.2").effective_rank, effective_rank(w.output(3)));
}

TEST_CASE("signs copied at a refresh agree with the weights that the step starts from") {
  const auto samples = samples_of("sign:period=16");
  CHECK(layer(samples[0], "layers.2").sign_concordance.value() < 0.8);
  for (std::size_t i = 1; i < samples.size(); ++i) {
    CHECK(layer(samples[i], "layers.2").sign_concordance == 1);
    CHECK(layer(samples[i], "layers.2").weighted_sign_concordance == 1);
    CHECK(layer(samples[i], "layers.2").feedback_angle.value() > 1);
  }
}

TEST_CASE("transported bits are per example, for each edge and the whole network") {
  const double word = 8 * sizeof(Scalar);
  const auto bp = samples_of("bp");
  for (const auto& sample : bp) {
    CHECK(!layer(sample, "layers.0").bits_per_example);
    CHECK(layer(sample, "layers.2").bits_per_example == word * 20 * 12 / 16);
    CHECK(layer(sample, "layers.4").bits_per_example == word * 12 * 4 / 16);
    CHECK(layer(sample, "all").bits_per_example == word * (20 * 12 + 12 * 4) / 16);
  }
  CHECK(layer(samples_of("fa")[3], "all").bits_per_example == 0);
  // Refreshed before the second, third and fourth step.
  const auto sign = samples_of("sign:period=16");
  CHECK(layer(sign[0], "all").bits_per_example == 0);
  CHECK(layer(sign[3], "all").bits_per_example == 3.0 * (20 * 12 + 12 * 4) / 64);
}

TEST_CASE("a feedback straight from the output is compared with the product of the weights above") {
  for (const Carries carries : {Carries::output_error, Carries::targets}) {
    Network network;
    network.add<Dense>(6, 20);
    network.add<Tanh>();
    const Matrix B = random_matrix(20, 4, 3);
    network.add<Dense>(20, 12, std::make_unique<test::DirectFeedback>(B, carries));
    network.add<Tanh>();
    network.add<Dense>(12, 4);
    network.initialize(1);
    const Matrix path = network.layer(2).weights()->transpose() * network.layer(4).weights()->transpose();
    const auto samples = samples_of(network);
    const LayerDiagnostics& row = layer(samples[0], "layers.2");
    CHECK(row.feedback_angle.value() == doctest::Approx(angle(B, path).value()).epsilon(1e-5));
    CHECK(row.feedback_norm_ratio.value() == doctest::Approx(norm_ratio(B, path).value()).epsilon(1e-5));
    CHECK(row.sign_concordance == sign_concordance(B, path)->share);
    CHECK(!row.bits_per_example);
    CHECK(!layer(samples[0], "all").bits_per_example);
    CHECK(layer(samples[0], "layers.4").feedback_angle == 0);
  }
}

TEST_CASE("a short step lowers the loss by the cosine of its angle with the gradient") {
  const double lr = is_double ? 1e-6 : 1e-2;
  const double tolerance = is_double ? 1e-4 : 0.02;
  const DiagnosticSample bp = samples_of("bp", {.lr = lr}).at(0);
  CHECK(layer(bp, "all").descent_efficiency.value() == doctest::Approx(1).epsilon(tolerance));
  const LayerDiagnostics fa = layer(samples_of("fa", {.lr = lr}).at(0), "all");
  CHECK(fa.update_angle.value() > 10);
  CHECK(fa.descent_efficiency.value() ==
        doctest::Approx(std::cos(fa.update_angle.value() * degree)).epsilon(tolerance));
  // A long one overshoots.
  CHECK(layer(samples_of("bp", {.lr = 30}).at(0), "all").descent_efficiency.value() < 0.5);
}

TEST_CASE("the update is measured whatever the optimizer makes of the gradient") {
  const auto samples = samples_of("bp", {.lr = 0.01, .optimizer = "adam"});
  CHECK(layer(samples[0], "all").update_angle.value() > 5);
  CHECK(layer(samples[0], "all").update_angle.value() < 90);
}

TEST_CASE("units that a large negative bias keeps silent are dead, and those at the ends of tanh saturated") {
  const auto with_bias = [](const std::string& activation, double bias, Index units) {
    Network network = mlp({6, 20, 12, 4}, {.activation = activation});
    network.layer(0).visit_parameters([&](Parameter parameter) {
      if (parameter.name == "bias") parameter.value.topRows(units).setConstant(static_cast<Scalar>(bias));
    });
    return layer(samples_of(network).at(0), "layers.0");
  };
  const double dead_before = with_bias("relu", 0, 0).dead_units.value();
  CHECK(dead_before < 0.25);
  CHECK(with_bias("relu", -1000, 20).dead_units == 1);
  CHECK(with_bias("relu", -1000, 5).dead_units.value() >= 0.25);
  CHECK(with_bias("relu", -1000, 5).dead_units.value() < 0.6);
  CHECK(with_bias("relu", 1000, 20).dead_units == 0);
  CHECK(with_bias("relu", 1000, 20).saturated_units == 0);

  CHECK(with_bias("tanh", 0, 0).dead_units == 0);
  CHECK(with_bias("tanh", 0, 0).saturated_units == 0);
  CHECK(with_bias("tanh", 6, 5).saturated_units == 0.25);
  CHECK(with_bias("tanh", 1000, 5).dead_units == 0.25);
  // Of sigmoid's largest slope, 1/4, a unit in the middle has nearly all.
  CHECK(with_bias("sigmoid", 0, 0).saturated_units == 0);
  CHECK(with_bias("sigmoid", 8, 5).saturated_units == 0.25);
}

TEST_CASE("a step that shows nothing has blanks, but its updates are measured") {
  Network network = mlp({6, 20, 12, 4}, {.rule = "fa"});
  const auto samples = samples_of(network, {}, std::make_unique<SilentStep>(true));
  const LayerDiagnostics& row = layer(samples[0], "layers.2");
  CHECK(!row.delta_angle);
  CHECK(!row.local_delta_angle);
  CHECK(row.feedback_angle);
  CHECK(row.update_angle.value() > 1);
  CHECK(layer(samples[0], "all").bits_per_example == 0);
}

TEST_CASE("the feedback that stands idle under a rule that is a step of its own is not measured") {
  Network network = mlp({6, 20, 12, 4}, {.rule = "fa"});
  const auto samples = samples_of(network, {}, std::make_unique<SilentStep>(false));
  const LayerDiagnostics& row = layer(samples[0], "layers.2");
  CHECK(!row.feedback_angle);
  CHECK(!layer(samples[0], "all").bits_per_example);
  CHECK(!row.bits_per_example);
  CHECK(row.update_angle);
}

TEST_CASE("training has the same bits with the instruments on and off") {
  for (const std::string& rule : {std::string("bp"), std::string("fa"), std::string("sign:period=16")}) {
    CAPTURE(rule);
    const auto train = [&](bool watched) {
      Network network = mlp({6, 20, 12, 4}, {.rule = rule, .activation = "gelu"});
      const SmallProblem data(60);
      const SoftmaxCrossEntropy loss;
      const auto optimizer = make_optimizer("adam", 0.01);
      Trainer trainer(network, loss, *optimizer, {.epochs = 2, .batch_size = 16});
      if (watched) trainer.observe(std::make_unique<Diagnostics>(DiagnosticsOptions{.interval = 2}));
      trainer.fit(data);
      std::vector<Matrix> parameters;
      network.visit_parameters([&](Parameter parameter) { parameters.emplace_back(parameter.value); });
      return parameters;
    };
    const auto plain = train(false);
    const auto watched = train(true);
    REQUIRE(plain.size() == watched.size());
    for (std::size_t i = 0; i < plain.size(); ++i) CHECK(same_bits(plain[i], watched[i]));
  }
}
