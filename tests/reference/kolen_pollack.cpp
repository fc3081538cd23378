// The fully connected runs of Akrout et al. (2019) on MNIST: 784-500-10, sigmoid, cross-entropy of each
// output unit, plain SGD without decay, batches of 128, pixels from 0 to 1, W, B and the biases from N(0,
// 1/(in + out)). One CSV row an epoch on standard output and in OUT/RULE.csv.
//
//   kolen_pollack FOLDER OUT RULE EPOCHS
//
// Started again it goes on where it was. RULE is bp, fa, kp or wm, with the authors' learning rates. Exit
// status 77, "skipped", without a folder.
//
// Unlike theirs: biases learn at the rate of the weights (in their program at a 128th of it); batches have
// 127 or 128 examples (theirs drop the last 96 of an epoch).
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/data/mnist.hpp"
#include "soap/diagnostics/measures.hpp"
#include "soap/feedback/random.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/checkpoint.hpp"
#include "soap/io/csv.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/linalg/fresh_random.hpp"
#include "soap/linalg/gemm.hpp"
#include "soap/linalg/random.hpp"
#include "soap/nn/mlp.hpp"

using namespace soap;

namespace {

constexpr std::uint64_t seed = 1111;
constexpr const char* header = "epoch,test_accuracy,angle\n";

// The loss here is the mean over the 10 output units, theirs the sum.
const std::map<std::string, double> authors_rates = {{"bp", 0.2}, {"fa", 0.2}, {"wm", 0.05}, {"kp", 0.3}};

// Pixels from 0 to 1.
class Pixels final : public Dataset {
 public:
  explicit Pixels(ImageDataset images) : images_(std::move(images)) {}
  [[nodiscard]] Index size() const override { return images_.size(); }
  [[nodiscard]] Index features() const override { return images_.features(); }
  [[nodiscard]] Index outputs() const override { return images_.outputs(); }
  void gather(std::span<const Index> examples, Batch& batch) const override {
    images_.gather(examples, batch);
    const auto [mean, deviation] = images_.normalization();
    batch.inputs() = (batch.inputs().array() * static_cast<Scalar>(deviation) + static_cast<Scalar>(mean));
  }

 private:
  ImageDataset images_;
};

// Xavier's variance is 2/(in + out).
class HalveVariance final : public StateVisitor {
 public:
  void matrix(std::string_view name, Ref value) override {
    if (!name.ends_with("bias")) value *= static_cast<Scalar>(std::sqrt(0.5));
  }
  void counter(std::string_view, std::int64_t&) override {}
};

// The mirror of the authors' program. It learns from small uniform noise that passes through weights, bias
// and sigmoid, in one phase after each step and in as many as an epoch has steps before the first. Unlike in
// the paper B is never brought back to a size of its own: their program computes that B and does not store
// it.
class AuthorsMirror final : public RandomFeedback {
 public:
  /// The bias of the weights above, for as long as the rule is used.
  void watch(ConstRef bias) { bias_.emplace(bias); }
  void initialize(const EdgeShape& edge, Rng& rng) override {
    RandomFeedback::initialize(edge, rng);
    fresh_.initialize(rng);
    x_.resize(edge.in, samples);
    y_.resize(edge.out, samples);
  }
  void before_step(ConstRef W, std::int64_t examples_seen) override {
    const int phases = examples_seen == 0 ? 468 : 1;
    for (int i = 0; i < phases; ++i) mirror(W);
  }
  void visit_state(StateVisitor& visitor) override {
    RandomFeedback::visit_state(visitor);
    fresh_.visit_state(visitor);
  }

 private:
  static constexpr Index samples = 128;
  static constexpr auto rate = static_cast<Scalar>(0.01);
  static constexpr auto amplitude = static_cast<Scalar>(0.1);

  void mirror(ConstRef W) {
    fresh_.draw_uniform(x_);
    x_ = amplitude * (x_.array() - Scalar{0.5});
    gemm(1, W, x_, 0, y_);
    y_.colwise() += bias_->col(0);
    y_ = 1 / (1 + (-y_.array()).exp());
    gemm(rate, x_, y_.transpose(), 1, B());
  }

  std::optional<ConstView> bias_;
  FreshRandom fresh_;
  Matrix x_;  // in x samples
  Matrix y_;  // out x samples
};

Network make_network(const std::string& rule) {
  Network network = mlp({784, 500, 10}, {.rule = rule, .activation = "sigmoid", .seed = seed});
  HalveVariance halve;
  network.visit_state(halve);
  const std::map<std::string, double> fans = {{"layers.0.bias", 784 + 500}, {"layers.2.bias", 500 + 10}};
  network.visit_parameters([&](Parameter parameter) {
    const auto fan = fans.find(std::string(parameter.name));
    if (fan == fans.end()) return;
    Rng rng(seed, parameter.name);
    const double deviation = std::sqrt(1 / fan->second);
    for (Index i = 0; i < parameter.value.rows(); ++i)
      parameter.value(i, 0) = static_cast<Scalar>(deviation * rng.normal());
    if (auto* mirror = dynamic_cast<AuthorsMirror*>(network.layer(2).feedback());
        mirror && parameter.name == "layers.2.bias")
      mirror->watch(parameter.value);
  });
  return network;
}

std::string angle_text(Network& network) {
  Layer& top = network.layer(network.depth() - 1);
  const Matrix& W = *top.weights();
  return to_text(angle(top.feedback()->way(W).matrix.copy(), W.transpose()).value());
}

// A row and a checkpoint after each epoch.
class Diary final : public Observer {
 public:
  Diary(std::filesystem::path csv, std::filesystem::path checkpoint)
      : csv_(std::move(csv)), checkpoint_(std::move(checkpoint)) {
    if (!std::filesystem::exists(csv_)) return;
    const CsvTable table = read_csv(csv_);
    for (std::size_t i = 0; i < table.rows(); ++i)
      rows_.push_back(std::string(table.text(i, 0)) + ',' + std::string(table.text(i, 1)) + ',' +
                      std::string(table.text(i, 2)) + '\n');
  }
  void run_started(const RunStart& event) override { steps_per_epoch_ = event.steps_per_epoch; }
  void step_ended(const StepEnd& event) override {
    if (event.step % steps_per_epoch_ == 0) save_checkpoint(checkpoint_, *event.state);
  }
  void epoch_ended(const EpochEnd& event) override {
    rows_.resize(static_cast<std::size_t>(event.epoch - 1));
    rows_.push_back(std::to_string(event.epoch) + ',' + to_text(event.evaluation->accuracy.value()) + ',' +
                    angle_text(event.network) + '\n');
    std::string text = header;
    for (const std::string& row : rows_) text += row;
    write_file_atomically(csv_, text);
    std::cout << rows_.back() << std::flush;
  }

 private:
  std::filesystem::path csv_;
  std::filesystem::path checkpoint_;
  std::vector<std::string> rows_;
  std::int64_t steps_per_epoch_ = 1;
};

int run(const std::filesystem::path& folder, const std::filesystem::path& out, const std::string& rule,
        std::int64_t epochs) {
  TrainTest data = read_mnist(folder);
  const Pixels train(std::move(data.train));
  const Pixels test(std::move(data.test));
  register_feedback("authors_wm", [](Spec&) { return std::make_unique<AuthorsMirror>(); });
  Network network = make_network(rule == "wm" ? "authors_wm" : rule);
  const BinaryCrossEntropyWithLogits loss;
  Sgd sgd({.lr = authors_rates.at(rule) * static_cast<double>(train.outputs())});
  Trainer trainer(network, loss, sgd, {.epochs = epochs, .batch_size = 128, .seed = seed});
  std::filesystem::create_directories(out);
  const auto checkpoint = out / (rule + ".safetensors");
  Diary diary(out / (rule + ".csv"), checkpoint);
  trainer.observe(diary);
  std::cout << header;
  if (std::filesystem::exists(checkpoint)) {
    trainer.resume([&](RunState& state) { load_checkpoint(checkpoint, state); }, train, test);
  } else {
    trainer.fit(train, test);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || std::string(argv[1]).empty()) {
    std::cout << "skipped: no folder with MNIST\n";
    return 77;
  }
  if (argc != 5 || !authors_rates.contains(argv[3])) {
    std::cerr << "kolen_pollack: expected FOLDER OUT RULE EPOCHS, with bp, fa, kp or wm\n";
    return 2;
  }
  try {
    return run(argv[1], argv[2], argv[3], parse_integer("EPOCHS", argv[4]));
  } catch (const std::exception& error) {
    std::cerr << "kolen_pollack: " << error.what() << '\n';
    return 2;
  }
}
