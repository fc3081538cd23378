// Runs that are saved in the middle and gone on with by other objects, as another process would.
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/diagnostics/diagnostics.hpp"
#include "soap/io/checkpoint.hpp"
#include "soap/io/metrics_csv.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/matrices.hpp"
#include "tests/support/small_problem.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace soap;

namespace {

constexpr Index training_examples = 70;
constexpr Index batch_size = 16;
constexpr std::int64_t steps_per_epoch = 5;
constexpr std::int64_t epochs = 3;
constexpr std::int64_t all_steps = epochs * steps_per_epoch;

struct Setup {
  std::string rule = "bp";
  std::string step = "backward";
  std::string optimizer = "sgd:momentum=0.9";
  std::string schedule = "cosine:warmup=4";
  std::vector<Index> sizes = {6, 8, 7, 4};
  std::uint64_t seed = 1;
  std::string activation = "tanh";
  std::string loss = "softmax_cross_entropy";
  Index examples = training_examples;
  Index batch_size = ::batch_size;
  BatchSizes batch_sizes = BatchSizes::even;
};

using Tensors = std::map<std::string, Tensor>;

// All that training of one kind is made of.
class Training {
 public:
  explicit Training(const Setup& setup)
      : data_(setup.examples),
        loss_(make_loss(setup.loss)),
        learning_(make_learning(setup.rule, setup.step)),
        network_(mlp(setup.sizes,
                     {.rule = learning_.feedback, .activation = setup.activation, .seed = setup.seed})),
        optimizer_(make_optimizer(setup.optimizer, 0.05)),
        trainer_(network_, *loss_, *optimizer_,
                 {.epochs = epochs,
                  .batch_size = setup.batch_size,
                  .seed = setup.seed,
                  .schedule = make_schedule(setup.schedule),
                  .batch_sizes = setup.batch_sizes},
                 std::move(learning_.step)) {
    trainer_.observe(recorder_);
    trainer_.observe(diagnostics_);
    trainer_.observe(early_stop({.patience = 100}));
    trainer_.observe(every_step([this](const StepEnd& event) {
      losses_.push_back(event.loss);
      if (event.step == save_at_) {
        save_checkpoint(path_, *event.state);
        event.control.stop();
      }
      if (event.step != all_steps) return;
      TensorWriter writer;
      event.state->visit_state(writer);
      at_the_end_ = writer.take();
    }));
  }

  void train() { result_ = trainer_.fit(data_, held_out_); }
  void train_and_save_at(std::int64_t step, const std::filesystem::path& path) {
    save_at_ = step;
    path_ = path;
    train();
  }
  void go_on(const std::filesystem::path& path) {
    result_ = trainer_.resume([&](RunState& state) { load_checkpoint(path, state); }, data_, held_out_);
  }

  Network& network() { return network_; }
  [[nodiscard]] const TrainingResult& result() const { return result_; }
  [[nodiscard]] const std::vector<double>& losses() const { return losses_; }
  [[nodiscard]] const MetricsRecorder& recorder() const { return recorder_; }
  [[nodiscard]] const Diagnostics& diagnostics() const { return diagnostics_; }
  /// The state after the last step, without the clock's.
  [[nodiscard]] Tensors state() const {
    Tensors tensors = at_the_end_;
    for (const char* timed :
         {"trainer.seconds", "metrics.rows", "metrics.next_row.seconds", "metrics.last_row.seconds"})
      CHECK(tensors.erase(timed) == 1);
    return tensors;
  }

 private:
  SmallProblem data_;
  SmallProblem held_out_{30, 2};
  std::unique_ptr<Loss> loss_;
  Learning learning_;
  Network network_;
  std::unique_ptr<Optimizer> optimizer_;
  MetricsRecorder recorder_{{"rule", "step", 0.05, 1}, 3};
  Diagnostics diagnostics_{{.interval = 4}};
  std::vector<double> losses_;
  std::int64_t save_at_ = 0;
  std::filesystem::path path_;
  Tensors at_the_end_;
  TrainingResult result_;
  Trainer trainer_;
};

void check_same(const Tensors& found, const Tensors& expected) {
  REQUIRE(found.size() == expected.size());
  for (const auto& entry : expected) {
    const auto& [name, tensor] = entry;
    CAPTURE(entry.first);
    REQUIRE(found.count(name) == 1);
    CHECK(found.at(name).shape == tensor.shape);
    CHECK((found.at(name).bytes == tensor.bytes));
  }
}

// In one go, and in two with other objects for the second.
void check_resumes(const Setup& setup, std::int64_t at) {
  CAPTURE(setup.rule);
  CAPTURE(setup.step);
  CAPTURE(setup.optimizer);
  CAPTURE(at);
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "checkpoint";
  Training whole(setup);
  whole.train();
  Training first(setup);
  first.train_and_save_at(at, path);
  Training second(setup);
  second.go_on(path);

  check_same(second.state(), whole.state());
  CHECK(first.losses().size() + second.losses().size() == whole.losses().size());
  CHECK(second.losses() == std::vector<double>(whole.losses().begin() + at, whole.losses().end()));
  CHECK(second.result().final_train_loss == whole.result().final_train_loss);
  CHECK(second.result().evaluation->loss == whole.result().evaluation->loss);
  CHECK(second.result().steps == all_steps);
  CHECK(second.result().examples == epochs * training_examples);
  CHECK(second.result().epochs == epochs);
  CHECK(second.recorder().curve().losses == whole.recorder().curve().losses);
  CHECK(second.recorder().curve().steps == whole.recorder().curve().steps);
  CHECK(second.diagnostics().samples().size() == whole.diagnostics().samples().size());
}

// Why `load` refuses these tensors for a new training of this setup.
std::string refusal(const Setup& setup, const std::function<void(TensorFile&)>& change) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "checkpoint";
  Training(setup).train_and_save_at(7, path);
  TensorFile file = read_safetensors(path);
  change(file);
  (void)folder.write("checkpoint", to_safetensors(file));
  Training other(setup);
  TensorWriter before;
  other.network().visit_state(before);
  try {
    other.go_on(path);
  } catch (const IoError& error) {
    const std::string text = error.what();
    CHECK(text.starts_with(path.string() + ": found "));
    CHECK(text.find('\n') == std::string::npos);
    CHECK(other.losses().empty());
    TensorWriter after;
    other.network().visit_state(after);
    check_same(after.take(), before.take());
    return text.substr(path.string().size() + 2);
  }
  return "";
}

void set_counter(TensorFile& file, const std::string& name, std::int64_t value) {
  TensorWriter writer;
  writer.counter(name, value);
  file.tensors.at(name) = writer.take().at(name);
}

}  // namespace

TEST_CASE("under every rule a run that is saved and gone on with ends with the bits of one left alone") {
  std::vector<std::string> rules = rule_names();
  for (const char* rule : {"sign:period=40:scale=norm", "delayed:examples=50", "delayed:examples=0",
                           "wm:period=48:samples=8", "bp/fa", "kp/sign:period=20"})
    rules.emplace_back(rule);
  for (const std::string& rule : rules) {
    const Setup setup{.rule = rule == "lowrank"  ? "lowrank:rank=2"
                              : rule == "sparse" ? "sparse:density=0.5"
                                                 : rule};
    // The first step, the middle of an epoch and its last step, and the run's last but one.
    for (const std::int64_t at : {1, 8, 10, 14}) check_resumes(setup, at);
    if (is_step(rule)) continue;
    check_resumes({.rule = setup.rule, .step = "soap:warmup=6:average=yes", .optimizer = "adam"}, 2);
    check_resumes({.rule = setup.rule, .step = "soap:warmup=6:relative=yes"}, 9);
  }
}

TEST_CASE("the state of every optimizer is saved, for what it trains in feedbacks too") {
  std::vector<std::string> optimizers = optimizer_names();
  for (const char* optimizer : {"sgd:momentum=0.9:nesterov=yes", "sgd:manhattan=yes:momentum=0.9",
                                "sgd:manhattan=yes", "adam:layers=1/0.5/0.1"})
    optimizers.emplace_back(optimizer);
  for (const std::string& optimizer : optimizers) {
    for (const char* rule : {"bp", "kp", "pepita", "dtp"})
      check_resumes({.rule = rule, .optimizer = optimizer}, 7);
  }
}

TEST_CASE("a run can be saved and gone on with after each of its steps") {
  for (std::int64_t at = 1; at < all_steps; ++at) check_resumes({.rule = "brsf", .optimizer = "adam"}, at);
}

TEST_CASE("a run saved after its last step is still judged and ended") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "checkpoint";
  Training whole({});
  whole.train_and_save_at(all_steps, path);
  Training second({});
  second.go_on(path);
  CHECK(second.losses().empty());
  CHECK(second.result().evaluation->loss == whole.result().evaluation->loss);
  CHECK(second.result().final_train_loss == whole.result().final_train_loss);
  CHECK(second.recorder().rows() == whole.recorder().rows());
}

TEST_CASE("the best weights and the waiting of observers are saved") {
  const test::TemporaryFolder folder;
  const SmallProblem data(training_examples);
  const SmallProblem held_out(30, 2);
  const SoftmaxCrossEntropy loss;
  const auto run = [&](std::int64_t save_at, bool resume) {
    Network network = mlp({6, 8, 4});
    // So large a rate that the held-out loss soon gets worse again.
    Sgd sgd({.lr = 3});
    Trainer trainer(network, loss, sgd, {.epochs = 30, .batch_size = batch_size});
    trainer.observe(best_weights());
    trainer.observe(early_stop({.patience = 3}));
    bool saved = false;
    trainer.observe(every_step([&](const StepEnd& event) {
      if (event.step != save_at) return;
      save_checkpoint(folder.path() / "checkpoint", *event.state);
      saved = true;
    }));
    const TrainingResult result =
        resume
            ? trainer.resume([&](RunState& state) { load_checkpoint(folder.path() / "checkpoint", state); },
                             data, held_out)
            : trainer.fit(data, held_out);
    CHECK((saved || save_at == 0));
    std::vector<Matrix> parameters;
    network.visit_parameters([&](Parameter parameter) { parameters.emplace_back(parameter.value); });
    return std::pair(result.steps, parameters);
  };
  const auto whole = run(0, false);
  REQUIRE(whole.first < 30 * steps_per_epoch);
  (void)run(whole.first - 6, false);
  const auto resumed = run(0, true);
  CHECK(resumed.first == whole.first);
  for (std::size_t i = 0; i < whole.second.size(); ++i) CHECK(same_bits(resumed.second[i], whole.second[i]));
}

TEST_CASE("a checkpoint of another network, rule or training is refused, and the network stays as it was") {
  const auto other_setup = [](const Setup& setup) {
    return refusal({}, [&](TensorFile& file) {
      const test::TemporaryFolder folder;
      Training(setup).train_and_save_at(7, folder.path() / "other");
      file = read_safetensors(folder.path() / "other");
    });
  };
  CHECK(other_setup({}).empty());
  CHECK(other_setup({.sizes = {6, 9, 7, 4}}) ==
        "found layers.0 'dense 6-9' in the metadata, expected 'dense 6-8'");
  CHECK(other_setup({.sizes = {6, 8, 7, 5, 4}}) ==
        "found layers.4 'dense 7-5' in the metadata, expected 'dense 7-4'");
  CHECK(other_setup({.sizes = {6, 8, 4}}).find("layers.2 'dense 8-4'") != std::string::npos);
  CHECK(other_setup({.rule = "fa"}) == "found layers.2.feedback 'fa' in the metadata, expected 'bp'");
  CHECK(other_setup({.activation = "relu"}) == "found layers.1 'relu' in the metadata, expected 'tanh'");
  CHECK(other_setup({.step = "soap"}) == "found trainer.step 'soap' in the metadata, expected 'backward'");
  CHECK(other_setup({.loss = "mean_squared_error"}) ==
        "found trainer.loss 'mean_squared_error' in the metadata, expected 'softmax_cross_entropy'");
  CHECK(other_setup({.seed = 2}) == "found trainer.seed '2' in the metadata, expected '1'");
  CHECK(other_setup({.examples = 71}) == "found trainer.examples '71' in the metadata, expected '70'");
  CHECK(other_setup({.batch_size = 17}) == "found trainer.batch_size '17' in the metadata, expected '16'");
  CHECK(other_setup({.batch_sizes = BatchSizes::full_but_last}) ==
        "found trainer.batch_sizes 'full_but_last' in the metadata, expected 'even'");
  CHECK(other_setup({.optimizer = "adam"}) ==
        "found no tensor 'optimizer.layers.0.weight.momentum_buffer', expected one for this network and its "
        "training");
}

TEST_CASE("a state that no run can have is refused") {
  const auto counter = [](const std::string& name, std::int64_t value) {
    return refusal({.rule = "delayed"}, [&](TensorFile& file) { set_counter(file, name, value); });
  };
  CHECK(counter("trainer.steps", 7).empty());
  CHECK(counter("trainer.steps", -1) == "found the count -1 in tensor 'trainer.steps', expected at least 0");
  CHECK(counter("trainer.steps", all_steps + 1) ==
        "found state that cannot be (trainer.steps: found 16, expected 0 to 15), expected that of this "
        "network and its training");
  CHECK(counter("trainer.steps", 6).find("last_losses: found 7, expected 6") != std::string::npos);
  CHECK(counter("trainer.epochs_started", 1).find("epochs_started: found 1") != std::string::npos);
  CHECK(counter("trainer.examples_seen", 5).find("examples_seen: found 5") != std::string::npos);
  CHECK(counter("trainer.examples_seen", std::numeric_limits<std::int64_t>::max()).find("examples_seen") !=
        std::string::npos);
  // Refused before there is memory for all that.
  CHECK(counter("layers.2.feedback.copies", 1'000'000'000).find("no tensor 'layers.2.feedback.W_7'") !=
        std::string::npos);
  CHECK(counter("layers.2.feedback.copies", std::numeric_limits<std::int64_t>::max())
            .find("delayed feedback: found state") != std::string::npos);
  const auto missing = [](const std::string& name) {
    return refusal({}, [&](TensorFile& file) { REQUIRE(file.tensors.erase(name) == 1); });
  };
  for (const char* name : {"layers.2.bias", "optimizer.steps", "step.lost.2", "trainer.last_losses",
                           "metrics.rows", "early_stop.best", "diagnostics.figures"})
    CHECK(missing(name) ==
          "found no tensor '" + std::string(name) + "', expected one for this network and its training");
  CHECK(refusal({}, [](TensorFile& file) {
          file.tensors.at("metrics.rows").type = TensorType::i64;
          file.tensors.at("metrics.rows").bytes = std::string(8, 'x');
          file.tensors.at("metrics.rows").shape = {1};
        }) == "found tensor 'metrics.rows' as I64, expected U8");
  CHECK(refusal({}, [](TensorFile& file) { file.metadata.erase("soap"); }) ==
        "found no 'soap' in the metadata, expected 'checkpoint 4'");
  CHECK(refusal({}, [](TensorFile& file) { file.metadata["soap"] = "model 1"; }) ==
        "found soap 'model 1' in the metadata, expected 'checkpoint 4'");
}
