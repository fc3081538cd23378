#include "soap/data/batch_order.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include "soap/linalg/random.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

void check_batch(Index i, Index end) {
  if (i >= 0 && i < end) return;
  throw std::invalid_argument("batch order: found batch " + std::to_string(i) + ", expected one of 0 to " +
                              std::to_string(end - 1));
}

}  // namespace

BatchOrder::BatchOrder(Index examples, Index batch_size, std::uint64_t seed, BatchSizes sizes)
    : batch_size_(batch_size), seed_(seed), sizes_(sizes) {
  if (examples < 1 || batch_size < 1) {
    throw std::invalid_argument("batch order: found " + std::to_string(examples) +
                                " examples and batch size " + std::to_string(batch_size) +
                                ", expected at least 1 of each");
  }
  order_.resize(static_cast<std::size_t>(examples));
  std::iota(order_.begin(), order_.end(), Index{0});
}

void BatchOrder::start_epoch(std::uint64_t epoch) {
  // Starting again from the identity makes the order independent of the epochs before.
  std::iota(order_.begin(), order_.end(), Index{0});
  Rng rng(seed_, "data order", epoch);
  shuffle(order_, rng);
}

Index BatchOrder::batches() const {
  const auto examples = static_cast<Index>(order_.size());
  return examples / batch_size_ + (examples % batch_size_ != 0 ? 1 : 0);
}

Index BatchOrder::before(Index i) const {
  check_batch(i, batches() + 1);
  const auto examples = static_cast<Index>(order_.size());
  if (sizes_ == BatchSizes::full_but_last) return std::min(i * batch_size_, examples);
  // The first ones take an example more.
  return i * (examples / batches()) + std::min(i, examples % batches());
}

std::span<const Index> BatchOrder::batch(Index i) const {
  check_batch(i, batches());
  return {order_.data() + before(i), static_cast<std::size_t>(before(i + 1) - before(i))};
}

}  // namespace SOAP_ABI
}  // namespace soap
