#include "soap/data/matrix_dataset.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::string shape_of(const Matrix& matrix) {
  return std::to_string(matrix.rows()) + " x " + std::to_string(matrix.cols());
}

}  // namespace

MatrixDataset::MatrixDataset(Matrix inputs, Matrix targets)
    : inputs_(std::move(inputs)), targets_(std::move(targets)) {
  if (inputs_.size() == 0 || targets_.size() == 0 || inputs_.cols() != targets_.cols()) {
    throw std::invalid_argument("matrix dataset: found inputs of " + shape_of(inputs_) + " and targets of " +
                                shape_of(targets_) + ", expected equally many columns, at least 1");
  }
}

void MatrixDataset::gather(std::span<const Index> examples, Batch& batch) const {
  make_room(examples, batch);
  for (Index i = 0; i < batch.size(); ++i) {
    const Index example = examples[static_cast<std::size_t>(i)];
    batch.inputs().col(i) = inputs_.col(example);
    batch.targets().col(i) = targets_.col(example);
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
