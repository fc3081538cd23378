#include "soap/data/dataset.hpp"

#include <cassert>
#include <stdexcept>
#include <string>

namespace soap::inline SOAP_ABI {

void Batch::reserve(Index features, Index outputs, Index capacity) {
  inputs_.resize(features, capacity);
  targets_.resize(outputs, capacity);
  labels_.resize(static_cast<std::size_t>(capacity));
  size_ = 0;
  labeled_ = false;
}

void Batch::resize(Index size) {
  assert(size <= capacity());
  size_ = size;
}

std::span<const std::int32_t> Batch::labels() const {
  return {labels_.data(), labeled_ ? static_cast<std::size_t>(size_) : 0U};
}

void Batch::set_label(Index example, std::int32_t label) {
  assert(label >= 0 && label < targets_.rows());
  labeled_ = true;
  labels_[static_cast<std::size_t>(example)] = label;
  targets_.col(example).setZero();
  targets_(label, example) = 1;
}

void Dataset::make_room(Index count, Batch& batch) const {
  const Index rows = batch.inputs().rows();
  const Index target_rows = batch.targets().rows();
  if (rows != features() || target_rows != outputs() || batch.capacity() < count) {
    throw std::invalid_argument("gather: found a batch of " + std::to_string(batch.capacity()) +
                                " columns of " + std::to_string(rows) + " features and " +
                                std::to_string(target_rows) + " outputs, expected " + std::to_string(count) +
                                " columns of " + std::to_string(features()) + " and " +
                                std::to_string(outputs()));
  }
  batch.resize(count);
  batch.labeled_ = false;
}

}  // namespace soap::inline SOAP_ABI
