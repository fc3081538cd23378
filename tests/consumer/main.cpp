// A user's program: trains a network on data of its own. Its matrices cross between this file and the
// compiled library in both directions, whatever flags each was built with.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <utility>

#include <soap/soap.hpp>

namespace {

void exchange_matrices() {
  soap::Rng rng(1);
  for (soap::Index features = 1; features < 2000; features *= 3) {
    soap::Batch made_there;
    made_there.reserve(features, 10, 4);     // allocated in the library, freed here
    soap::Batch made_here = made_there;      // allocated here ...
    made_here.reserve(2 * features, 10, 4);  // ... and freed in the library
    made_here.resize(4);
    made_here.inputs().setConstant(static_cast<soap::Scalar>(rng.uniform()));

    soap::Matrix inputs = soap::Matrix::Ones(features, 4);
    soap::Matrix targets = soap::Matrix::Zero(1, 4);
    // Moved, not copied; the destructor that frees them is virtual and the library's.
    const std::unique_ptr<soap::Dataset> data =
        std::make_unique<soap::MatrixDataset>(std::move(inputs), std::move(targets));
  }
}

// The exclusive or of two bits, learned without weight transport. Returns the loss at the end.
double learn_exclusive_or(std::int64_t& steps_seen) {
  soap::Matrix inputs(2, 4);
  inputs << 0, 0, 1, 1, 0, 1, 0, 1;
  soap::Matrix targets(1, 4);
  targets << 0, 1, 1, 0;
  const soap::MatrixDataset data(inputs, targets);

  soap::Network net = soap::mlp({2, 16, 1}, {.rule = "fa", .seed = 1});
  const soap::MeanSquaredError loss;
  soap::Sgd optimizer({.lr = 0.1, .momentum = 0.9});
  soap::Trainer trainer(net, loss, optimizer, {.epochs = 500, .batch_size = 4});
  trainer.observe(soap::every_step([&](const soap::StepEnd& event) { steps_seen = event.step; }));
  return trainer.fit(data, data).evaluation->loss;
}

}  // namespace

int main() {
  exchange_matrices();
  std::int64_t steps_seen = 0;
  const double loss = learn_exclusive_or(steps_seen);
  std::printf("soap %s, %d bytes a number, loss %.1e after %d steps\n", soap::version(),
              static_cast<int>(sizeof(soap::Scalar)), loss, static_cast<int>(steps_seen));
  return loss < 0.01 && steps_seen == 500 ? 0 : 1;
}
