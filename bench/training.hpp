// A network with a batch at hand, ready to take training steps.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "soap/data/dataset.hpp"
#include "soap/learn/step_registry.hpp"

#include "peers/workload.hpp"

namespace bench {

/// Always the same batch, gathered beforehand.
class Training {
 public:
  explicit Training(const Workload& workload, const std::string& rule = "bp",
                    const std::string& step = "backward");

  /// So many steps. Throws std::runtime_error if the loss is no longer finite: such a step does less.
  void run(std::int64_t steps);

 private:
  soap::Learning learning_;
  soap::Network network_;
  std::unique_ptr<soap::Loss> loss_;
  std::unique_ptr<soap::Optimizer> optimizer_;
  soap::Batch batch_;
  std::int64_t examples_seen_ = 0;
};

/// Floating-point operations in the products of one step: forward and weight gradient of every layer, input
/// gradient of every layer but the first.
double step_flops(const Workload& workload);

}  // namespace bench
