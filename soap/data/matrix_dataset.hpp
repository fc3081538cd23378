// Examples held as two matrices, for regression.
#pragma once

#include <span>

#include "soap/data/dataset.hpp"

namespace soap {
inline namespace SOAP_ABI {

class MatrixDataset : public Dataset {
 public:
  /// `inputs` is features x n, `targets` outputs x n. Throws std::invalid_argument if n differs or either is
  /// empty.
  MatrixDataset(Matrix inputs, Matrix targets);

  [[nodiscard]] Index size() const override { return inputs_.cols(); }
  [[nodiscard]] Index features() const override { return inputs_.rows(); }
  [[nodiscard]] Index outputs() const override { return targets_.rows(); }
  void gather(std::span<const Index> examples, Batch& batch) const override;

  [[nodiscard]] const Matrix& inputs() const { return inputs_; }
  [[nodiscard]] const Matrix& targets() const { return targets_; }

 private:
  Matrix inputs_;
  Matrix targets_;
};

}  // namespace SOAP_ABI
}  // namespace soap
