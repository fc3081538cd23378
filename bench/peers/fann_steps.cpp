// Training steps by FANN: online learning, one example at a time, which is what FANN has of stochastic
// gradient descent. It knows no cross-entropy, so that a workload that asks for it gets the squared error,
// which is less work.
#include <floatfann.h>
#include <memory>
#include <random>
#include <vector>

#include "steps.hpp"

namespace {

struct Network {
  std::unique_ptr<fann, decltype(&fann_destroy)> net{nullptr, fann_destroy};
  std::vector<float> input;
  std::vector<float> target;
};

bench::Steps make(const bench::Workload& workload, int) {
  if (workload.batch != 1) throw bench::CannotDo("no minibatches: it learns one example or all at a time");
  if (workload.activation != "tanh") throw bench::CannotDo("no " + workload.activation);
  if (workload.optimizer == "adam") throw bench::CannotDo("no adam");
  const std::vector<unsigned> sizes(workload.sizes.begin(), workload.sizes.end());
  const auto network = std::make_shared<Network>();
  network->net.reset(fann_create_standard_array(static_cast<unsigned>(sizes.size()), sizes.data()));
  fann* net = network->net.get();
  fann_set_training_algorithm(net, FANN_TRAIN_INCREMENTAL);
  fann_set_activation_function_hidden(net, FANN_SIGMOID_SYMMETRIC);
  fann_set_activation_steepness_hidden(net, 1);  // then it is tanh
  fann_set_activation_function_output(net, FANN_LINEAR);
  fann_set_activation_steepness_output(net, 1);
  fann_set_learning_rate(net, static_cast<float>(bench::learning_rate));
  fann_set_learning_momentum(net, workload.optimizer == "momentum" ? 0.9F : 0);
  std::minstd_rand generator(1);
  std::normal_distribution<float> normal;
  for (unsigned i = 0; i < sizes.front(); ++i) network->input.push_back(normal(generator));
  network->target.assign(sizes.back(), 0);
  network->target.front() = 1;
  return [network](std::int64_t steps) {
    for (std::int64_t i = 0; i < steps; ++i)
      fann_train(network->net.get(), network->input.data(), network->target.data());
  };
}

}  // namespace

int main(int argc, char** argv) { return bench::run_steps("fann_steps", argc, argv, make); }
