#include "soap/io/checkpoint.hpp"

#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/dense.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/flipped_bits.hpp"
#include "tests/support/matrices.hpp"
#include "tests/support/parameters.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace soap;

namespace {

std::vector<Scalar> numbers_of(const Tensor& tensor) {
  std::vector<Scalar> numbers(tensor.bytes.size() / sizeof(Scalar));
  std::memcpy(numbers.data(), tensor.bytes.data(), tensor.bytes.size());
  return numbers;
}

}  // namespace

TEST_CASE("a model has PyTorch's names and shapes, row by row, and its feedback matrices") {
  const test::TemporaryFolder folder;
  Network network = mlp({3, 2, 1, 2}, {.rule = "fa"});
  save_model(folder.path() / "model", network, {.texts = {{"settings", "mine"}}});
  const TensorFile file = read_safetensors(folder.path() / "model");
  CHECK(file.metadata.at("settings") == "mine");
  REQUIRE(file.tensors.size() == 8);
  const Matrix W = *network.layer(0).weights();
  CHECK(file.tensors.at("layers.0.weight").shape == std::vector<std::int64_t>{2, 3});
  CHECK(numbers_of(file.tensors.at("layers.0.weight")) ==
        std::vector{W(0, 0), W(0, 1), W(0, 2), W(1, 0), W(1, 1), W(1, 2)});
  CHECK(file.tensors.at("layers.0.bias").shape == std::vector<std::int64_t>{2});
  // One column is still a matrix.
  CHECK(file.tensors.at("layers.4.weight").shape == std::vector<std::int64_t>{2, 1});
  CHECK(file.tensors.at("layers.4.feedback.B").shape == std::vector<std::int64_t>{1, 2});
}

TEST_CASE("a network takes a model's values, and stays as it was when they do not fit") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model";
  Network saved = mlp({5, 4, 3}, {.rule = "fa", .seed = 1});
  save_model(path, saved);
  Network loaded = mlp({5, 4, 3}, {.rule = "fa", .seed = 2});
  load_model(path, loaded);
  for (std::size_t i = 0; i < 4; ++i) CHECK(same_bits(parameters_of(loaded)[i], parameters_of(saved)[i]));
  CHECK(same_bits(get_matrix(*loaded.layer(2).feedback(), "B"), get_matrix(*saved.layer(2).feedback(), "B")));

  for (const std::vector<Index>& sizes :
       {std::vector<Index>{5, 4, 4}, {5, 4}, {5, 4, 3, 2}, {5, 4, 4, 3}, {4, 5, 3}}) {
    Network other = mlp(sizes, {.rule = "fa", .seed = 3});
    const auto before = parameters_of(other);
    CHECK_THROWS_AS(load_model(path, other), IoError);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(same_bits(parameters_of(other)[i], before[i]));
  }
  Network bp = mlp({5, 4, 3}, {.rule = "bp"});
  CHECK_THROWS_WITH_AS(
      load_model(path, bp),
      (path.string() + ": found layers.2.feedback 'fa' in the metadata, expected 'bp'").c_str(), IoError);
}

TEST_CASE("a model of other layers or rules is refused with the first difference, and the network kept") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model";
  struct Pair {
    MlpOptions saved;
    MlpOptions loaded;
    std::string found;
  };
  const std::vector<Pair> pairs = {
      {{.activation = "tanh"}, {.activation = "relu"}, "layers.1 'tanh' in the metadata, expected 'relu'"},
      {{.activation = "leaky_relu"},
       {.activation = "leaky_relu:slope=0.2"},
       "layers.1 'leaky_relu' in the metadata, expected 'leaky_relu:slope=0.2'"},
      {{.rule = "fa", .activation = "gelu"},
       {.rule = "kp", .activation = "softplus"},
       "layers.1 'gelu' in the metadata, expected 'softplus'"},
      // Rules that store alike.
      {{.rule = "fa"}, {.rule = "kp"}, "layers.2.feedback 'fa' in the metadata, expected 'kp'"},
      {{.rule = "bp"}, {.rule = "usf"}, "layers.2.feedback 'bp' in the metadata, expected 'usf'"},
      {{.rule = "sign:period=50"},
       {.rule = "sign:period=60"},
       "layers.2.feedback 'sign:period=50' in the metadata, expected 'sign:period=60'"},
      {{.rule = "fa/kp"}, {.rule = "fa/fa"}, "layers.4.feedback 'kp' in the metadata, expected 'fa'"}};
  for (const Pair& pair : pairs) {
    CAPTURE(pair.found);
    Network saved = mlp({4, 3, 3, 2}, pair.saved);
    save_model(path, saved);
    CHECK_NOTHROW(load_model(path, saved));
    Network other = mlp({4, 3, 3, 2}, pair.loaded);
    const auto before = parameters_of(other);
    CHECK_THROWS_WITH_AS(load_model(path, other), (path.string() + ": found " + pair.found).c_str(), IoError);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(same_bits(parameters_of(other)[i], before[i]));
  }
}

TEST_CASE("a model of more layers or fewer is refused, and so is a file of another kind") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model";
  Network small = mlp({3, 2});
  Network large = mlp({3, 2});
  large.add<Tanh>();
  large.initialize(1);
  save_model(path, large);
  CHECK_THROWS_WITH_AS(
      load_model(path, small),
      (path.string() + ": found layers.1 'tanh' in the metadata, expected no layer above the network's 1")
          .c_str(),
      IoError);
  save_model(path, small);
  CHECK_THROWS_WITH_AS(load_model(path, large),
                       (path.string() + ": found no 'layers.1' in the metadata, expected 'tanh'").c_str(),
                       IoError);
  TensorFile file = read_safetensors(path);
  file.metadata["soap"] = "model 2";
  (void)folder.write("model", to_safetensors(file));
  for (const auto& read : {std::function<void()>([&] { load_model(path, small); }),
                           std::function<void()>([&] { (void)model_notes(path); })})
    CHECK_THROWS_WITH_AS(
        read(), (path.string() + ": found soap 'model 2' in the metadata, expected 'model 3'").c_str(),
        IoError);
}

TEST_CASE("layers that were added by hand take a model that was made from names") {
  const test::TemporaryFolder folder;
  Network named = mlp({3, 2, 2}, {.rule = "bp", .seed = 1});
  save_model(folder.path() / "model", named);
  Network added;
  added.add<Dense>(3, 2);
  added.add<Tanh>();
  added.add<Dense>(2, 2);
  added.initialize(2);
  load_model(folder.path() / "model", added);
  for (std::size_t i = 0; i < 4; ++i) CHECK(same_bits(parameters_of(added)[i], parameters_of(named)[i]));
}

TEST_CASE("a model's notes are read back, and a model for inputs of another normalization is refused") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model";
  Network network = mlp({3, 2});
  save_model(path, network);
  CHECK_FALSE(model_notes(path).normalization.has_value());
  CHECK(model_notes(path).texts.empty());
  CHECK_THROWS_WITH_AS(
      load_model(path, network, Normalization{}),
      (path.string() + ": found no 'inputs.mean' in the metadata, expected '0.1307'").c_str(), IoError);

  const Normalization fashion{.mean = 0.286, .standard_deviation = 0.353};
  save_model(path, network, {.normalization = fashion, .texts = {{"settings", "mine"}}});
  const ModelNotes notes = model_notes(path);
  REQUIRE(notes.normalization.has_value());
  CHECK(notes.normalization->mean == 0.286);
  CHECK(notes.normalization->standard_deviation == 0.353);
  CHECK(notes.texts == FileNotes{{"settings", "mine"}});
  CHECK_NOTHROW(load_model(path, network));
  CHECK_NOTHROW(load_model(path, network, fashion));
  CHECK_THROWS_WITH_AS(
      load_model(path, network, Normalization{.mean = 0.286, .standard_deviation = 0.3081}),
      (path.string() + ": found inputs.standard_deviation '0.353' in the metadata, expected '0.3081'")
          .c_str(),
      IoError);
}

TEST_CASE("notes that no model can have are neither written nor read") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model";
  Network network = mlp({3, 2});
  for (const char* name : {"soap", "layers.0", "layers.9", "inputs.mean", fingerprint_key})
    CHECK_THROWS_AS(save_model(path, network, {.texts = {{name, "mine"}}}), std::invalid_argument);
  for (const double deviation : {0.0, -1.0, std::numeric_limits<double>::infinity()})
    CHECK_THROWS_AS(
        save_model(path, network, {.normalization = Normalization{.standard_deviation = deviation}}),
        std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(path));
  save_model(path, network, {.normalization = Normalization{}});
  const TensorFile good = read_safetensors(path);
  for (const char* deviation : {"0", "-1", "nan", "wide", ""}) {
    CAPTURE(deviation);
    TensorFile file = good;
    file.metadata["inputs.standard_deviation"] = deviation;
    (void)folder.write("model", to_safetensors(file));
    CHECK_THROWS_AS((void)model_notes(path), IoError);
  }
  TensorFile half = good;
  half.metadata.erase("inputs.mean");
  (void)folder.write("model", to_safetensors(half));
  CHECK_THROWS_WITH_AS(
      (void)model_notes(path),
      (path.string() + ": found no 'inputs.mean' in the metadata, expected the number of a normalization")
          .c_str(),
      IoError);
}

TEST_CASE("what a layer keeps beside its parameters is saved") {
  class Counting final : public Layer {
   public:
    [[nodiscard]] std::string describe() const override { return "counting"; }
    [[nodiscard]] LayerShape shape(Index below) const override { return {.inputs = below, .outputs = below}; }
    void forward(ConstRef x, Ref y, Phase) override {
      y = x;
      ++passes;
    }
    void backward(ConstRef, ConstRef, ConstRef from_above, Phase, Ref below) override { below = from_above; }
    void visit_state(StateVisitor& visitor) override { visitor.counter("passes", passes); }
    std::int64_t passes = 0;
  };
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model";
  const auto network = [](std::int64_t passes) {
    Network made;
    made.add<Dense>(3, 2);
    made.add<Counting>().passes = passes;
    made.initialize(1);
    return made;
  };
  Network saved = network(7);
  save_model(path, saved);
  CHECK(read_safetensors(path).tensors.count("layers.1.passes") == 1);
  Network loaded = network(0);
  load_model(path, loaded);
  CHECK(dynamic_cast<Counting&>(loaded.layer(1)).passes == 7);
}

TEST_CASE("notes that disagree are refused, with the place where they do") {
  const TensorFile file{
      .metadata = {{"settings", std::string(100, '-') + "seed 1"}, {soap::fingerprint_key, "x"}}};
  CHECK_NOTHROW(check_notes(file, {}, "path"));
  CHECK_NOTHROW(check_notes(file, {{"settings", std::string(100, '-') + "seed 1"}}, "path"));
  CHECK_THROWS_WITH_AS(check_notes(file, {{"settings", std::string(100, '-') + "seed 2"}}, "path"),
                       "path: found settings '---------------seed 1' in the metadata, expected "
                       "'---------------seed 2'",
                       IoError);
  CHECK_THROWS_WITH_AS(check_notes(file, {{"data", "x"}}, "path"),
                       "path: found no 'data' in the metadata, expected 'x'", IoError);
  CHECK_THROWS_WITH_AS(check_notes({}, {}, "path"),
                       "path: found no fingerprint of its contents in the metadata, expected one", IoError);
}

TEST_CASE("a checkpoint's notes cannot stand in for those that the file itself needs") {
  class Nothing final : public RunState {
   public:
    void visit_state(RunStateVisitor&) override {}
  };
  const test::TemporaryFolder folder;
  Nothing run;
  CHECK_THROWS_WITH_AS(save_checkpoint(folder.path() / "file", run, {{"trainer.seed", "1"}}),
                       "notes of a checkpoint: found 'trainer.seed', which the file itself needs, expected "
                       "another name",
                       std::invalid_argument);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a model and a checkpoint in which any bit is another are refused") {
  class Run final : public RunState {
   public:
    explicit Run(Network& network) : network_(network) {}
    void visit_state(RunStateVisitor& visitor) override {
      network_.visit_state(visitor);
      visitor.counter("steps", steps_);
      visitor.number("loss", loss_);
      visitor.numbers("losses", losses_);
      visitor.text("rows", rows_);
    }

   private:
    Network& network_;
    std::int64_t steps_ = 7;
    double loss_ = 0.5;
    std::vector<double> losses_ = {0.5, 0.25};
    std::string rows_ = "a,b";
  };
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "file";
  Network network = mlp({2, 2, 2}, {.rule = "fa"});
  Run run(network);
  const FileNotes notes = {{"settings", "mine"}};
  const auto taken = [&](const std::function<void()>& load) {
    return test::flipped_bits_taken(test::text_of(path), [&](const std::string& bytes) {
      (void)folder.write("file", bytes);
      try {
        load();
        return true;
      } catch (const IoError&) {
        return false;
      }
    });
  };
  save_model(path, network, {.texts = notes});
  CHECK(taken([&] { load_model(path, network); }) == 0);
  save_checkpoint(path, run, notes);
  CHECK(taken([&] { load_checkpoint(path, run, notes); }) == 0);
}

TEST_CASE("two tensors of one name are not written") {
  TensorWriter writer;
  std::int64_t value = 1;
  writer.counter("a", value);
  CHECK_THROWS_AS(writer.counter("a", value), std::logic_error);
}
