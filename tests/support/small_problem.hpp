// A small classification problem for tests of training.
#pragma once

#include "soap/data/dataset.hpp"
#include "soap/linalg/random.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Four noisy clusters in six dimensions, one a class.
class SmallProblem final : public Dataset {
 public:
  explicit SmallProblem(Index count, std::uint64_t seed = 1, double noise = 0.5) : count_(count) {
    inputs_.resize(6, count);
    Rng rng(seed, "small problem");
    for (Index i = 0; i < count; ++i) {
      labels_.push_back(static_cast<std::int32_t>(rng.below(4)));
      for (Index f = 0; f < 6; ++f) {
        inputs_(f, i) = static_cast<Scalar>((f == labels_.back() ? 1.5 : 0) + noise * rng.normal());
      }
    }
  }
  [[nodiscard]] Index size() const override { return count_; }
  [[nodiscard]] Index features() const override { return 6; }
  [[nodiscard]] Index outputs() const override { return 4; }
  void gather(std::span<const Index> examples, Batch& batch) const override {
    for (Index i = 0; i < static_cast<Index>(examples.size()); ++i) {
      const Index example = examples[static_cast<std::size_t>(i)];
      batch.inputs().col(i) = inputs_.col(example);
      batch.set_label(i, labels_[static_cast<std::size_t>(example)]);
    }
  }

 private:
  Index count_;
  Matrix inputs_;
  std::vector<std::int32_t> labels_;
};

}  // namespace SOAP_ABI
}  // namespace soap
