// Reads MNIST from a folder and takes one training step: how soon does a program learn?
#include <cstdio>
#include <exception>
#include <vector>

#include "soap/data/batch_order.hpp"
#include "soap/data/mnist.hpp"
#include "soap/learn/step.hpp"
#include "soap/nn/mlp.hpp"

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::invalid_argument("expected the argument FOLDER");
    const soap::TrainTest data = soap::read_mnist(argv[1]);
    constexpr soap::Index batch_size = 64;
    soap::Network network = soap::mlp({data.train.features(), 256, data.train.outputs()});
    const soap::SoftmaxCrossEntropy loss;
    soap::Sgd sgd({.lr = 0.1});
    sgd.attach(network);
    soap::BatchOrder order(data.train.size(), batch_size, 1);
    order.start_epoch(0);
    soap::Batch batch;
    batch.reserve(data.train.features(), data.train.outputs(), batch_size);
    data.train.gather(order.batch(0), batch);
    soap::BackwardStep step;
    step.prepare(network, batch_size, 1);
    std::printf("loss %.4f\n", step.run(batch, {network, loss, sgd, 0, 1}));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "first_step: %s\n", error.what());
    return 1;
  }
}
