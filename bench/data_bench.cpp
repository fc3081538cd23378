// What stands around the products: activations, gathering a batch, and an epoch through the trainer.
#include <cstdlib>
#include <memory>
#include <string>

#include "soap/base/text.hpp"
#include "soap/data/synthetic_digits.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/linalg/random.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/mlp.hpp"

#include "plan.hpp"
#include "table.hpp"

namespace bench {

namespace {

constexpr soap::Index batch_size = 64;

Run activation_run(const std::string& name, int threads) {
  const std::shared_ptr<soap::Layer> layer = soap::make_activation(name);
  const auto z = std::make_shared<soap::Matrix>(1024, batch_size);
  const auto y = std::make_shared<soap::Matrix>(1024, batch_size);
  soap::Rng rng(1, name);
  for (soap::Index i = 0; i < z->size(); ++i) z->data()[i] = static_cast<soap::Scalar>(rng.normal());
  return [=](std::int64_t iterations) {
    soap::set_threads(threads);
    for (std::int64_t i = 0; i < iterations; ++i) layer->forward(*z, *y, soap::Phase::training);
  };
}

Run gather_run(const soap::ImageDataset& digits) {
  const auto data = std::make_shared<soap::ImageDataset>(digits);
  const auto batch = std::make_shared<soap::Batch>();
  batch->reserve(data->features(), data->outputs(), batch_size);
  std::vector<soap::Index> examples;
  soap::Rng rng(1, "gather");
  for (soap::Index i = 0; i < 16 * batch_size; ++i)
    examples.push_back(static_cast<soap::Index>(rng.below(static_cast<std::uint64_t>(data->size()))));
  return [=](std::int64_t iterations) {
    soap::set_threads(1);
    const std::span<const soap::Index> all(examples);
    for (std::int64_t i = 0; i < iterations; ++i)
      data->gather(all.subspan(static_cast<std::size_t>(i % 16 * batch_size), batch_size), *batch);
  };
}

Run epoch_run(const soap::ImageDataset& digits, int threads) {
  const auto data = std::make_shared<soap::ImageDataset>(digits);
  return [=](std::int64_t iterations) {
    soap::set_threads(threads);
    soap::Network network = soap::mlp({data->features(), 256, data->outputs()});
    const soap::SoftmaxCrossEntropy loss;
    soap::Sgd sgd({.lr = 0.01});
    soap::Trainer trainer(network, loss, sgd, {.epochs = iterations, .batch_size = batch_size});
    trainer.fit(*data);
  };
}

soap::ImageDataset digits(const Scope& scope) {
  return soap::synthetic_digits({.train = scope.quick ? 640 : 12'800, .test = 1}).train;
}

}  // namespace

void add_activations(Groups& groups, const Scope& scope) {
  const std::vector<std::string> names{"tanh", "sigmoid", "relu", "softplus", "gelu"};
  constexpr double elements = 1024 * batch_size;
  const auto each = [](double seconds) { return duration(seconds / elements); };
  for (const int threads : thread_counts(scope)) {
    std::vector<Contender> contenders;
    for (const auto& name : names) contenders.push_back({.name = name, .items = elements, .show = each});
    const auto make = [=] {
      std::vector<Run> runs;
      for (const auto& name : names) runs.push_back(activation_run(name, threads));
      return runs;
    };
    groups.push_back(std::make_unique<Group>(Group{.name = "activation/1024x64",
                                                   .title = "activation of 1024x64, per element",
                                                   .threads = threads,
                                                   .contenders = std::move(contenders),
                                                   .make = make,
                                                   .rows = all_rows}));
  }
}

void add_data(Groups& groups, const Scope& scope) {
  groups.push_back(
      std::make_unique<Group>(Group{.name = "gather/784x64",
                                    .title = "gather of a batch, 64 images of 784 bytes",
                                    .contenders = {{.name = "soap", .items = batch_size}},
                                    .make = [=] { return std::vector<Run>{gather_run(digits(scope))}; },
                                    .rows = all_rows}));
  const auto examples = static_cast<double>(scope.quick ? 640 : 12'800);
  const auto rate = [=](double seconds) {
    return soap::with_thousands(static_cast<std::int64_t>(examples / seconds));
  };
  for (const int threads : thread_counts(scope)) {
    groups.push_back(std::make_unique<Group>(
        Group{.name = "epoch/784-256-10:tanh:cross_entropy:sgd:64",
              .title = "epoch 784-256-10 tanh sgd 64, examples/s",
              .threads = threads,
              .contenders = {{.name = "soap", .items = examples, .show = rate}},
              .make = [=] { return std::vector<Run>{epoch_run(digits(scope), threads)}; },
              .rows = all_rows}));
  }
}

}  // namespace bench
