// Every rule beside other rules in one network; the rule laws have each by itself.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/learn/trainer.hpp"
#include "soap/nn/mlp.hpp"

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
bool learns(const std::string& rule, const std::vector<Index>& sizes) {
  const MlpOptions options{.rule = rule};
  const SmallProblem data(64);
  const SoftmaxCrossEntropy loss;
  Network before = mlp(sizes, options);
  Network network = mlp(sizes, options);
  const auto optimizer = make_optimizer("sgd", 0.01);
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

TEST_CASE("each layer can have a rule of its own") {
  std::string all = rules.front();
  std::vector<Index> sizes = {6, 8};
  for (std::size_t i = 1; i < rules.size(); ++i) {
    all += "/" + rules[i];
    sizes.push_back(8);
  }
  sizes.push_back(4);
  CHECK(learns(all, sizes));
}
