#include "training.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/linalg/random.hpp"
#include "soap/nn/mlp.hpp"

namespace bench {

namespace {

soap::Network make_network(const Workload& workload, const std::string& rule) {
  return soap::mlp({workload.sizes.begin(), workload.sizes.end()},
                   {.rule = rule, .activation = workload.activation});
}

std::unique_ptr<soap::Optimizer> make_optimizer(const std::string& name) {
  return soap::make_optimizer(name == "momentum" ? "sgd:momentum=0.9" : name, learning_rate);
}

void fill(soap::Batch& batch, const Workload& workload) {
  const int outputs = workload.sizes.back();
  batch.reserve(workload.sizes.front(), outputs, workload.batch);
  batch.resize(workload.batch);
  soap::Rng rng(1, "batch");
  for (soap::Index j = 0; j < workload.batch; ++j) {
    for (soap::Index i = 0; i < workload.sizes.front(); ++i)
      batch.inputs()(i, j) = static_cast<soap::Scalar>(rng.normal());
    batch.set_label(j, static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(outputs))));
  }
}

}  // namespace

Training::Training(const Workload& workload, const std::string& rule, const std::string& step)
    : learning_(soap::make_learning(rule, step)),
      network_(make_network(workload, learning_.feedback)),
      loss_(soap::make_loss(workload.loss == "mse" ? "mean_squared_error" : "softmax_cross_entropy")),
      optimizer_(make_optimizer(workload.optimizer)) {
  fill(batch_, workload);
  optimizer_->attach(network_);
  learning_.step->prepare(network_, batch_.size(), 1);
}

void Training::run(std::int64_t steps) {
  double loss = 0;
  for (std::int64_t i = 0; i < steps; ++i) {
    loss = learning_.step->run(batch_, {network_, *loss_, *optimizer_, examples_seen_, 1});
    examples_seen_ += batch_.size();
  }
  if (!std::isfinite(loss)) throw std::runtime_error("a training step to measure has diverged");
}

double step_flops(const Workload& workload) {
  double flops = 0;
  for (std::size_t l = 0; l + 1 < workload.sizes.size(); ++l) {
    const double product = 2.0 * workload.sizes[l] * workload.sizes[l + 1] * workload.batch;
    flops += product * (l == 0 ? 2 : 3);
  }
  return flops;
}

}  // namespace bench
