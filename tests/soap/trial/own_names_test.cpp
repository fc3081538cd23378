// Whatever a trial names may be a user's own.
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/text.hpp"
#include "soap/data/synthetic_digits.hpp"
#include "soap/learn/schedule.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/optimizer.hpp"
#include "soap/trial/trial.hpp"

using namespace soap;

namespace {

TrialOptions small() { return {.hidden = {8}, .lr = 0.05, .batch_size = 10, .epochs = 2}; }

std::string rows_of(const TrialOptions& options) {
  static const TrainTest digits = synthetic_digits({.train = 100, .test = 20});
  std::string rows;
  for (const std::string& row : split(run_trial(options, digits.train, digits.test).metrics_rows, '\n'))
    rows += row.substr(0, row.rfind(',')) + '\n';  // without the seconds
  return rows;
}

// Along the gradient times a factor.
class Descent final : public Optimizer {
 public:
  Descent(double lr, double factor) : Optimizer(lr, {}), factor_(factor) {}

 private:
  void update(Ref W, const Gradient& gradient, std::vector<Matrix>&, double lr) override {
    gradient.accumulate(static_cast<Scalar>(-lr * factor_), 1, W);
  }
  double factor_;
};

class Twice final : public Loss {
 public:
  [[nodiscard]] std::string name() const override { return "twice"; }
  [[nodiscard]] double value(ConstRef output, const Targets& targets) const override {
    return 2 * loss_.value(output, targets);
  }
  double value_and_error(ConstRef output, const Targets& targets, Ref error) const override {
    const double value = loss_.value_and_error(output, targets, error);
    error *= 2;
    return 2 * value;
  }

 private:
  SoftmaxCrossEntropy loss_;
};

struct LeakyFunction {
  Scalar slope_below;
  [[nodiscard]] std::string name() const { return "my_activation"; }
  [[nodiscard]] Scalar value(Scalar z) const { return z > 0 ? z : slope_below * z; }
  [[nodiscard]] Scalar slope(Scalar z, Scalar) const { return z > 0 ? Scalar{1} : slope_below; }
};

}  // namespace

TEST_CASE("a user's own optimizer trains by name, with its parameters and those of all optimizers") {
  register_optimizer(
      "descent",
      [](Spec& spec, double lr) {
        return std::make_unique<Descent>(lr, spec.take_number("factor", 1, 0, "on the learning rate"));
      },
      "down the gradient");
  TrialOptions options = small();
  options.optimizer = "sgd";
  const std::string expected = rows_of(options);
  options.optimizer = "descent:factor=1.0";
  CHECK(rows_of(options) == expected);
  CHECK(canonical(options).optimizer == "descent");
  options.optimizer = "descent:layers=1/0";
  CHECK(rows_of(options) != expected);
  CHECK(optimizer_help("descent:help")->starts_with("descent - down the gradient\n  factor=1"));
  CHECK_THROWS_WITH_AS(
      register_optimizer("sgd", [](Spec&, double lr) { return std::make_unique<Descent>(lr, 1); }),
      "optimizer name 'sgd' is taken", std::invalid_argument);
}

TEST_CASE("a user's own schedule trains by name, with a warm-up as all schedules") {
  register_schedule("my_rates_over_time", [](Spec& spec) {
    const double factor = spec.take_number("factor", 1, 0);
    return [factor](const TrainingProgress&) { return factor; };
  });
  TrialOptions options = small();
  for (const std::string warmup : {"", ":warmup=3"}) {
    options.schedule = "constant" + warmup;
    const std::string expected = rows_of(options);
    options.schedule = "my_rates_over_time" + warmup;
    CHECK(rows_of(options) == expected);
  }
  options.schedule = "my_rates_over_time:factor=0";
  CHECK(rows_of(options) != rows_of(small()));
}

TEST_CASE("a user's own loss trains by name") {
  register_loss(
      "twice", [](Spec&) { return std::make_unique<Twice>(); }, "of the error");
  TrialOptions options = small();
  options.loss = "twice";
  const std::string rows = rows_of(options);
  options.lr = 0.1;
  options.loss = "softmax_cross_entropy";
  // The first loss is doubled.
  const auto first_loss = [](const std::string& text) {
    std::size_t start = 0;
    for (int comma = 0; comma < 7; ++comma) start = text.find(',', start) + 1;
    return std::stod(text.substr(start));
  };
  CHECK(first_loss(rows) == doctest::Approx(2 * first_loss(rows_of(options))));
  CHECK(loss_help("help")->find("\ntwice - of the error\n") != std::string::npos);
}

TEST_CASE("a user's own activation trains by name") {
  register_activation("my_activation", [](Spec& spec) {
    return std::make_unique<Activation<LeakyFunction>>(
        LeakyFunction{static_cast<Scalar>(spec.take_number("below", 0.01, 0))});
  });
  TrialOptions options = small();
  options.activation = "leaky_relu:slope=0.2";
  const std::string expected = rows_of(options);
  options.activation = "my_activation:below=0.20";
  CHECK(rows_of(options) == expected);
  CHECK(canonical(options).activation == "my_activation:below=0.2");
  options.activation = "my_activation:below=0.3";
  CHECK(rows_of(options) != expected);
}
