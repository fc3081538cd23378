#include "soap/data/dataset.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace soap {
inline namespace SOAP_ABI {

void Batch::reserve(Index features, Index outputs, Index capacity) {
  if (features < 1 || outputs < 1 || capacity < 1) {
    throw std::invalid_argument("batch: found room for " + std::to_string(capacity) + " examples of " +
                                std::to_string(features) + " features and " + std::to_string(outputs) +
                                " outputs, expected at least 1 of each");
  }
  inputs_.resize(features, capacity);
  targets_.resize(outputs, capacity);
  labels_.resize(static_cast<std::size_t>(capacity));
  size_ = 0;
  labeled_ = false;
}

void Batch::resize(Index size) {
  if (size < 0 || size > capacity()) {
    throw std::invalid_argument("batch: found the size " + std::to_string(size) + ", expected 0 to " +
                                std::to_string(capacity()));
  }
  size_ = size;
}

std::span<const std::int32_t> Batch::labels() const {
  return {labels_.data(), labeled_ ? static_cast<std::size_t>(size_) : 0U};
}

void Batch::set_label(Index example, std::int32_t label) {
  if (example < 0 || example >= size_ || label < 0 || label >= targets_.rows()) {
    throw std::invalid_argument("batch: found label " + std::to_string(label) + " for example " +
                                std::to_string(example) + ", expected a label below " +
                                std::to_string(targets_.rows()) + " and one of the " + std::to_string(size_) +
                                " examples, both from 0");
  }
  labeled_ = true;
  labels_[static_cast<std::size_t>(example)] = label;
  targets_.col(example).setZero();
  targets_(label, example) = 1;
}

void Dataset::make_room(std::span<const Index> examples, Batch& batch) const {
  const auto count = static_cast<Index>(examples.size());
  const Index rows = batch.inputs().rows();
  const Index target_rows = batch.targets().rows();
  if (rows != features() || target_rows != outputs() || batch.capacity() < count) {
    throw std::invalid_argument("gather: found a batch of " + std::to_string(batch.capacity()) +
                                " columns of " + std::to_string(rows) + " features and " +
                                std::to_string(target_rows) + " outputs, expected " + std::to_string(count) +
                                " columns of " + std::to_string(features()) + " and " +
                                std::to_string(outputs()));
  }
  const auto absent = std::find_if(examples.begin(), examples.end(),
                                   [n = size()](Index example) { return example < 0 || example >= n; });
  if (absent != examples.end()) {
    throw std::invalid_argument("gather: found example " + std::to_string(*absent) +
                                ", expected one of the " + std::to_string(size()) + " there are, from 0");
  }
  batch.resize(count);
  batch.labeled_ = false;
}

}  // namespace SOAP_ABI
}  // namespace soap
