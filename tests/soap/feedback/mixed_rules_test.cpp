// Every rule at any depth, beside other rules, under every activation and optimizer.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/trainer.hpp"
#include "soap/nn/activation.hpp"

#include "tests/support/matrices.hpp"
#include "tests/support/small_problem.hpp"

using namespace soap;

namespace {

const std::vector<std::string> rules = {"bp",
                                        "fa",
                                        "sign:period=16",
                                        "dfa",
                                        "drtp",
                                        "usf",
                                        "brsf",
                                        "frsf",
                                        "kp",
                                        "wm:period=16:samples=20",
                                        "noisy",
                                        "delayed:examples=16",
                                        "sparse:density=0.5",
                                        "lowrank:rank=2",
                                        "sparse:density=0.5:direct=yes"};

// Whether every layer's weights move from where they start, to numbers.
bool learns(const std::string& rule, const std::vector<Index>& sizes, const std::string& activation,
            const std::string& optimizer_name) {
  const MlpOptions options{.rule = rule, .activation = activation};
  const SmallProblem data(64);
  const SoftmaxCrossEntropy loss;
  Network before = mlp(sizes, options);
  Network network = mlp(sizes, options);
  const auto optimizer = make_optimizer(optimizer_name, 0.01);
  Trainer trainer(network, loss, *optimizer, {.epochs = 2, .batch_size = 8});
  trainer.fit(data);
  for (std::size_t l = 0; l < network.depth(); ++l) {
    const Matrix* W = network.layer(l).weights();
    if (W == nullptr) continue;
    if (!W->allFinite()) return false;
    if (same_bits(*W, *before.layer(l).weights())) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("every layer learns under every rule, activation and optimizer") {
  for (const auto& rule : rules) {
    CAPTURE(rule);
    for (const auto& activation : activation_names()) {
      CAPTURE(activation);
      CHECK(learns(rule, {6, 10, 4}, activation, "sgd"));
    }
    for (const auto& optimizer : optimizer_names()) {
      CAPTURE(optimizer);
      CHECK(learns(rule, {6, 9, 8, 7, 6, 4}, "tanh", optimizer));
    }
  }
}

TEST_CASE("each layer can have a rule of its own") {
  std::string all = rules.front();
  std::vector<Index> sizes = {6, 8};
  for (std::size_t i = 1; i < rules.size(); ++i) {
    all += "/" + rules[i];
    sizes.push_back(8);
  }
  sizes.push_back(4);
  CHECK(learns(all, sizes, "tanh", "sgd"));
}
