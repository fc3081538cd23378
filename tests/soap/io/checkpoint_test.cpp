#include "soap/io/checkpoint.hpp"

#include <cstring>
#include <functional>
#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/nn/dense.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/flipped_bits.hpp"
#include "tests/support/matrices.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace soap;

namespace {

std::vector<Scalar> numbers_of(const Tensor& tensor) {
  std::vector<Scalar> numbers(tensor.bytes.size() / sizeof(Scalar));
  std::memcpy(numbers.data(), tensor.bytes.data(), tensor.bytes.size());
  return numbers;
}

std::vector<Matrix> parameters_of(Network& network) {
  std::vector<Matrix> values;
  network.visit_parameters([&](std::string_view, Ref value) { values.emplace_back(value); });
  return values;
}

}  // namespace

TEST_CASE("a model has PyTorch's names and shapes, row by row, and its feedback matrices") {
  const test::TemporaryFolder folder;
  Network network = mlp({3, 2, 1, 2}, {.rule = "fa"});
  save_model(folder.path() / "model", network, {{"settings", "mine"}});
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
  CHECK_THROWS_WITH_AS(load_model(path, bp),
                       (path.string() + ": found tensor 'layers.2.feedback.B', expected none of this name "
                                        "for this network and its training")
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
  save_model(path, network, notes);
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
