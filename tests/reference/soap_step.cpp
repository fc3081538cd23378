// Trains as the reference did with the SOAP step, and gives the step a fair chance; prints Markdown tables.
//
//   soap_step FOLDER reference SEEDS [ROWS]   the reference's rows beside ours, all six or the first few;
//   fails
//                                             when a loss at 0.2 epochs is further off than 3 standard errors
//   soap_step FOLDER variants SEEDS [TUNING_SEEDS [STEP...]]
//                                             each variant of the step at its best learning rate of a grid
//
// 784-h-10 tanh on MNIST, softmax cross-entropy, plain SGD, batch 64, PyTorch's default initialization. Exit
// status 77, "skipped", without a folder.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/data/mnist.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/learn/activity_propagation.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"
#include "soap/statistics/moments.hpp"

using namespace soap;

namespace {

struct Settings {
  std::string rule = "bp";
  Initializer top = Initializer::pytorch_linear;
  std::string step;
  Index hidden = 100;
  double lr = 0.05;
  std::int64_t epochs = 1;
  std::uint64_t seed = 1;
  BatchSizes batch_sizes = BatchSizes::even;
  std::int64_t last_step = std::numeric_limits<std::int64_t>::max();
};

struct Outcome {
  std::vector<double> losses;  // of each step's minibatch; those of pass 1
  std::optional<Evaluation> held_out;
  ActivityFigures figures;  // means over the steps, changes of the loss summed
  std::int64_t watched = 0;

  // Over the steps first ... last, counted from 1.
  [[nodiscard]] double mean_loss(std::size_t first, std::size_t last) const {
    if (losses.size() < last) return std::numeric_limits<double>::infinity();  // diverged
    double sum = 0;
    for (std::size_t step = first; step <= last; ++step) sum += losses[step - 1];
    return sum / static_cast<double>(last - first + 1);
  }
};

class Recorder final : public Observer {
 public:
  Recorder(Outcome& outcome, std::int64_t last_step) : outcome_(outcome), last_step_(last_step) {}
  void step_ended(const StepEnd& end) override {
    outcome_.losses.push_back(end.loss);
    if (end.step >= last_step_) end.control.stop();
    const auto* step = dynamic_cast<const ActivityPropagationStep*>(&end.learning);
    if (step == nullptr || !step->figures()) return;
    ActivityFigures& sum = outcome_.figures;
    sum.negative_curvature += step->figures()->negative_curvature;
    sum.damped += step->figures()->damped;
    sum.sent_uphill += step->figures()->sent_uphill;
    sum.sent_size += step->figures()->sent_size;
    sum.predicted_by_gradient += step->figures()->predicted_by_gradient;
    sum.predicted_by_secant += step->figures()->predicted_by_secant;
    sum.actual += step->figures()->actual;
    ++outcome_.watched;
  }

 private:
  Outcome& outcome_;
  std::int64_t last_step_;
};

Outcome train(const Settings& settings, const Dataset& data, const Dataset& held_out) {
  Network network;
  network.add<Dense>(data.features(), settings.hidden, make_feedback(settings.rule),
                     DenseOptions{.initializer = Initializer::pytorch_linear});
  network.add<Tanh>();
  network.add<Dense>(settings.hidden, data.outputs(), make_feedback(settings.rule),
                     DenseOptions{.initializer = settings.top});
  network.initialize(settings.seed);
  const SoftmaxCrossEntropy loss;
  Sgd sgd({.lr = settings.lr});
  auto step = make_step(settings.step);
  if (auto* soap = dynamic_cast<ActivityPropagationStep*>(step.get())) soap->watch(true);
  Trainer trainer(network, loss, sgd,
                  {.epochs = settings.epochs, .seed = settings.seed, .batch_sizes = settings.batch_sizes},
                  std::move(step));
  Outcome outcome;
  trainer.observe(std::make_unique<Recorder>(outcome, settings.last_step));
  try {
    outcome.held_out = trainer.fit(data, held_out).evaluation;
  } catch (const Diverged&) {
    // It then has neither all losses nor an evaluation.
  }
  return outcome;
}

std::vector<Outcome> train_all(const std::vector<Settings>& runs, const Dataset& data,
                               const Dataset& held_out) {
  std::vector<Outcome> outcomes(runs.size());
  parallel_for(static_cast<Index>(runs.size()), std::numeric_limits<Index>::max(), [&](Index i) {
    const auto run = static_cast<std::size_t>(i);
    outcomes[run] = train(runs[run], data, held_out);
  });
  return outcomes;
}

template <class Figure>
MeanAndDeviation over(std::span<const Outcome> outcomes, Figure figure) {
  std::vector<double> values;
  for (const Outcome& outcome : outcomes) values.push_back(figure(outcome));
  return mean_and_deviation(values);
}

std::string text(const MeanAndDeviation& figure, int digits) {
  return fixed(figure.mean, digits) + " ± " + fixed(figure.deviation, digits);
}

struct Reference {
  const char* name;
  Settings settings;
  MeanAndDeviation early;  // loss over the steps 161 to 185, 5 seeds
  double late;             // over the last 100 steps
  double accuracy;
};

std::vector<Reference> references() {
  const auto settings = [](const char* rule, const char* step, bool wide) {
    Settings result{.rule = rule, .step = step, .batch_sizes = BatchSizes::full_but_last};
    if (result.rule == "fa") result.top = Initializer::xavier_normal;
    if (wide) {
      result.hidden = 256;
      result.lr = 0.01;
      result.epochs = 2;
    }
    return result;
  };
  return {{"BP", settings("bp", "backward", false), {0.407, 0.024}, 0.239, 0.936},
          {"SO-BP", settings("bp", "soap", false), {0.942, 0.026}, 0.586, 0.852},
          {"BP", settings("bp", "backward", true), {0.702, 0.009}, 0.291, 0.920},
          {"SO-BP", settings("bp", "soap", true), {1.392, 0.019}, 0.571, 0.862},
          {"FA", settings("fa", "backward", true), {0.740, 0.028}, 0.301, 0.921},
          {"SO-FA", settings("fa", "soap", true), {1.505, 0.038}, 0.591, 0.858}};
}

int compare_with_reference(const TrainTest& data, std::uint64_t seeds, std::size_t rows) {
  std::vector<Reference> expected = references();
  const bool whole = rows >= expected.size();
  if (!whole) expected.resize(rows);
  std::vector<Settings> runs;
  for (const Reference& row : expected) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      runs.push_back(row.settings);
      runs.back().seed = seed;
      if (!whole) runs.back().last_step = 185;
    }
  }
  const std::vector<Outcome> outcomes = train_all(runs, data.train, data.test);
  std::cout << "| rule | h | lr | loss at 0.2 epochs | reference | difference | standard error | agrees | "
               "epochs | loss at the end | reference | test accuracy | reference |\n"
               "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  int faults = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::span<const Outcome> found = std::span(outcomes).subspan(i * seeds, seeds);
    const Reference& row = expected[i];
    const auto early = over(found, [](const Outcome& run) { return run.mean_loss(161, 185); });
    const double error = std::sqrt(early.deviation * early.deviation / static_cast<double>(seeds) +
                                   row.early.deviation * row.early.deviation / 5);
    const bool near = std::abs(early.mean - row.early.mean) <= 3 * error;
    faults += near ? 0 : 1;
    std::cout << "| " << row.name << " | " << row.settings.hidden << " | " << to_text(row.settings.lr)
              << " | " << text(early, 3) << " | " << text(row.early, 3) << " | "
              << fixed(early.mean - row.early.mean, 3) << " | " << fixed(error, 3) << " | "
              << (near ? "yes" : "**no**") << " | ";
    if (!whole) {
      std::cout << " | | | | |\n";
      continue;
    }
    const auto late = over(
        found, [](const Outcome& run) { return run.mean_loss(run.losses.size() - 99, run.losses.size()); });
    const auto accuracy = over(found, [](const Outcome& run) { return run.held_out->accuracy.value(); });
    std::cout << row.settings.epochs << " | " << text(late, 3) << " | " << fixed(row.late, 3) << " | "
              << text(accuracy, 3) << " | " << fixed(row.accuracy, 3) << " |\n";
  }
  return faults;
}

// Held out of the training examples, to choose the learning rate by.
constexpr Index validation_images = 10'000;
constexpr std::size_t window = 50;         // steps
constexpr std::uint64_t first_seed = 101;  // of the runs that are reported
const std::vector<double> grid = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3};

const std::vector<std::string> variants = {
    "backward",
    "soap",
    "soap:damping=1e-6",
    "soap:relative=yes:damping=1",
    "soap:curvature=absolute",
    "soap:average=yes",
    "soap:relative=yes:damping=1:curvature=absolute",
    "soap:relative=yes:damping=1:average=yes",
    "soap:relative=yes:damping=1:curvature=absolute:average=yes",
    "soap:relative=yes:damping=1:curvature=absolute:average=yes:at=activation",
    "soap:relative=yes:damping=1:curvature=absolute:average=yes:lr=10000",
    "soap:size=gradient",
    "soap:relative=yes:damping=1:size=gradient",
    "soap:relative=yes:damping=1:curvature=absolute:size=gradient",
    "soap:relative=yes:damping=1:curvature=absolute:average=yes:size=gradient",
    "soap:relative=yes:damping=1:curvature=absolute:average=yes:size=gradient:at=activation",
    "soap:relative=yes:damping=1:curvature=absolute:average=yes:size=gradient:lr=10000",
};

std::vector<Settings> with_seeds(const std::string& step, double lr, std::uint64_t first,
                                 std::uint64_t count) {
  std::vector<Settings> runs;
  for (std::uint64_t seed = first; seed < first + count; ++seed)
    runs.push_back({.step = step, .lr = lr, .seed = seed});
  return runs;
}

// The mean validation loss of the tuning seeds at each rate; infinite where one of them diverged.
std::vector<double> validation_losses(const std::string& step, const std::vector<double>& rates,
                                      std::uint64_t seeds, const Dataset& train, const Dataset& validation) {
  std::vector<Settings> runs;
  for (const double lr : rates) {
    const auto more = with_seeds(step, lr, 1, seeds);
    runs.insert(runs.end(), more.begin(), more.end());
  }
  const std::vector<Outcome> outcomes = train_all(runs, train, validation);
  std::vector<double> losses;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double mean = over(std::span(outcomes).subspan(i * seeds, seeds), [](const Outcome& run) {
                          return run.held_out ? run.held_out->loss : std::numeric_limits<double>::infinity();
                        }).mean;
    losses.push_back(std::isnan(mean) ? std::numeric_limits<double>::infinity() : mean);
  }
  return losses;
}

double best_rate(const std::string& step, std::uint64_t seeds, const Dataset& train,
                 const Dataset& validation) {
  const auto losses = validation_losses(step, grid, seeds, train, validation);
  const auto best = std::min_element(losses.begin(), losses.end());
  double lr = grid[static_cast<std::size_t>(best - losses.begin())];
  // Below the grid, while that helps.
  double loss = *best;
  for (double lower = lr / 3; lr <= grid.front() && lower > 1e-6; lower /= 3) {
    const double found = validation_losses(step, {lower}, seeds, train, validation).front();
    if (found >= loss) break;
    loss = found;
    lr = lower;
  }
  return lr;
}

std::string percent(double share) { return fixed(100 * share, 1); }

std::string figures_text(std::span<const Outcome> runs) {
  if (runs.front().watched == 0) return " | | | | | |";
  const auto share = [&](double ActivityFigures::*figure) {
    return over(runs,
                [&](const Outcome& run) { return run.figures.*figure / static_cast<double>(run.watched); })
        .mean;
  };
  const auto ratio = [&](double ActivityFigures::*predicted) {
    return over(runs, [&](const Outcome& run) { return run.figures.actual / (run.figures.*predicted); }).mean;
  };
  return percent(share(&ActivityFigures::negative_curvature)) + " | " +
         percent(share(&ActivityFigures::damped)) + " | " + percent(share(&ActivityFigures::sent_uphill)) +
         " | " + to_text(std::stod(fixed(share(&ActivityFigures::sent_size), 4))) + " | " +
         fixed(ratio(&ActivityFigures::predicted_by_gradient), 3) + " | " +
         fixed(ratio(&ActivityFigures::predicted_by_secant), 3) + " |";
}

void compare_variants(const TrainTest& data, std::uint64_t seeds, std::uint64_t tuning_seeds,
                      const std::vector<std::string>& steps) {
  const auto [train, validation] = hold_out(data.train, validation_images);
  std::cout << "| step | best lr | loss at 391 steps | loss at 782 steps | test loss | test accuracy % | "
               "negative curvature % | damped % | sent uphill % | size sent | actual by gradient | actual by "
               "secant |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const std::string& step : steps) {
    const double lr = best_rate(step, tuning_seeds, train, validation);
    const auto runs = train_all(with_seeds(step, lr, first_seed, seeds), train, data.test);
    const auto loss_at = [&](std::size_t last) {
      return text(over(runs, [&](const Outcome& run) { return run.mean_loss(last - window + 1, last); }), 3);
    };
    std::cout << "| `" << step << "` | " << to_text(lr) << " | " << loss_at(391) << " | " << loss_at(782)
              << " | ";
    if (std::all_of(runs.begin(), runs.end(), [](const Outcome& run) { return run.held_out.has_value(); })) {
      std::cout << text(over(runs, [](const Outcome& run) { return run.held_out->loss; }), 3) << " | "
                << text(over(runs, [](const Outcome& run) { return 100 * run.held_out->accuracy.value(); }),
                        2);
    } else {
      std::cout << "diverged | ";
    }
    std::cout << " | " << figures_text(runs) << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || std::string(argv[1]).empty()) {
    std::cout << "skipped: SOAP_DATA_DIR is not set\n";
    return 77;
  }
  const TrainTest data = read_mnist(argv[1]);
  const auto seeds = static_cast<std::uint64_t>(parse_integer("seeds", argv[3]));
  if (std::string(argv[2]) == "variants") {
    const auto tuning_seeds =
        static_cast<std::uint64_t>(parse_integer("tuning seeds", argc > 4 ? argv[4] : "1"));
    const std::vector<std::string> chosen(argv + std::min(argc, 5), argv + argc);
    compare_variants(data, seeds, tuning_seeds, chosen.empty() ? variants : chosen);
    return 0;
  }
  const auto rows = argc > 4 ? static_cast<std::size_t>(parse_integer("rows", argv[4])) : 6;
  return compare_with_reference(data, seeds, rows) == 0 ? 0 : 1;
}
