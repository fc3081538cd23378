// Trains as the reference runs in mnist_controlled.csv did and holds the figures side by side, as a Markdown
// table: 784-256-10 tanh on MNIST, plain SGD, batch 64, 2 epochs, Xavier-normal weights, zero biases.
//
//   mnist_controlled FOLDER SEEDS LR...
//
// Fails when a mean test accuracy is further from the reference's than 3 standard errors (of both sides) and
// 0.3 points, or when at lr 0.01 the ratio of fa's steps to loss 0.3 to bp's is more than 25 % off. Exit
// status 77, "skipped", without a folder.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/data/mnist.hpp"
#include "soap/io/csv.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/trial/comparison.hpp"
#include "soap/trial/runner.hpp"

using namespace soap;

namespace {

constexpr double target_loss = 0.3;
constexpr double ratio_lr = 0.01;

struct Reference {
  double accuracy;
  double deviation;
  double seeds;
  double test_loss;
  double train_loss;
  std::optional<double> steps;
};

// By rule, at one learning rate.
std::map<std::string, Reference> read_reference(double lr) {
  const CsvTable table = read_csv(SOAP_TEST_REFERENCE_DIR "/mnist_controlled.csv");
  const auto cell = [&](std::size_t row, const char* column) {
    return table.number(row, table.column(column));
  };
  std::map<std::string, Reference> reference;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (cell(row, "lr") != lr) continue;
    reference[std::string(table.text(row, table.column("rule")))] = {
        .accuracy = cell(row, "test_accuracy_mean").value(),
        .deviation = cell(row, "test_accuracy_sd").value(),
        .seeds = cell(row, "seeds").value(),
        .test_loss = cell(row, "test_loss").value(),
        .train_loss = cell(row, "train_loss_last_100_steps").value(),
        .steps = cell(row, "steps_to_0.3")};
  }
  return reference;
}

// The reference's names and ours: 6400 examples are its 100 steps.
const std::vector<std::pair<std::string, std::string>> rules = {
    {"bp", "bp"}, {"fa", "fa"}, {"sign", "sign:period=6400"}, {"sign_norm", "sign:period=6400:scale=norm"}};

std::vector<RuleComparison> train(const TrainTest& data, double lr, std::uint64_t seeds) {
  std::vector<TrialOptions> trials;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    for (const auto& rule : rules) {
      TrialOptions trial;
      trial.rule = rule.second;
      trial.lr = lr;
      trial.seed = seed;
      trial.batch_sizes = BatchSizes::full_but_last;  // the reference's
      trials.push_back(trial);
    }
  }
  return compare_rules(run_trials(trials, data.train, data.test, {.threads = usable_threads()}), target_loss);
}

std::string percent(double mean, double deviation) {
  return fixed(100 * mean, 2) + " ± " + fixed(100 * deviation, 2);
}

std::string steps_text(const std::optional<double>& steps) {
  return steps ? with_thousands(std::llround(*steps)) : "never";
}

// Prints the rows of one learning rate; returns how many figures are off.
int compare(const TrainTest& data, double lr, std::uint64_t seeds) {
  const auto reference = read_reference(lr);
  const auto found = train(data, lr, seeds);
  int faults = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Reference& expected = reference.at(rules[i].first);
    const MeanAndDeviation accuracy = found[i].test_accuracy.value();
    const double error =
        std::sqrt(accuracy.deviation * accuracy.deviation / static_cast<double>(found[i].finished) +
                  expected.deviation * expected.deviation / expected.seeds);
    const double difference = accuracy.mean - expected.accuracy;
    const bool near = std::abs(difference) <= std::max(3 * error, 0.003);
    faults += near ? 0 : 1;
    std::cout << "| " << to_text(lr) << " | `" << rules[i].second << "` | "
              << percent(accuracy.mean, accuracy.deviation) << " | "
              << percent(expected.accuracy, expected.deviation) << " | " << fixed(100 * difference, 2)
              << " | " << fixed(100 * error, 2) << " | " << fixed(found[i].test_loss.value().mean, 4) << " | "
              << fixed(expected.test_loss, 4) << " | " << to_text(found[i].steps) << " | "
              << steps_text(expected.steps) << " | " << (near ? "yes" : "**no**") << " |" << std::endl;
  }
  if (lr == ratio_lr) {
    const double ours = found[1].steps_ratio.value();
    const double theirs = reference.at("fa").steps.value() / reference.at("bp").steps.value();
    const bool near = std::abs(ours / theirs - 1) <= 0.25;
    faults += near ? 0 : 1;
    std::cout << "\nAt lr 0.01 `fa` takes " << fixed(ours, 2)
              << " times the steps of `bp` to a training loss of 0.3; the "
              << "reference's ratio is " << fixed(theirs, 2) << (near ? "." : ": more than 25 % off.")
              << '\n';
  }
  return faults;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || std::string(argv[1]).empty()) {
    std::cout << "skipped: SOAP_DATA_DIR is not set\n";
    return 77;
  }
  const TrainTest data = read_mnist(argv[1]);
  const auto seeds = static_cast<std::uint64_t>(parse_integer("seeds", argv[2]));
  std::cout << "| lr | rule | test accuracy % | reference | difference | standard error | test loss | "
               "reference | steps "
               "to loss 0.3 | reference | agrees |\n|---|---|---|---|---|---|---|---|---|---|---|\n";
  int faults = 0;
  // The ratio comes after the table.
  std::vector<double> rates;
  for (int i = 3; i < argc; ++i) rates.push_back(parse_number("lr", argv[i]));
  std::stable_partition(rates.begin(), rates.end(), [](double lr) { return lr != ratio_lr; });
  for (const double lr : rates) faults += compare(data, lr, seeds);
  return faults == 0 ? 0 : 1;
}
