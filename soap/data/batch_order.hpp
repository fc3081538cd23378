// The order in which examples are visited, cut into minibatches.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// How an epoch is cut where the examples are no multiple of the batch size.
enum class BatchSizes {
  /// All batches of a size, but for one example: of 50,000 examples 782 batches of 63 or 64. No example
  /// weighs
  /// more than another in an update, to within one in a batch.
  even,
  /// Full batches and then what is left, as PyTorch's DataLoader cuts them: 781 batches of 64 and one of 16,
  /// whose mean gradient is noisier than the others and yet makes as large a step, the last before a network
  /// is evaluated. For comparison with such runs.
  full_but_last,
};

/// Minibatches of one epoch. The order depends on (seed, epoch) alone, so that every rule trained at a seed
/// sees the same minibatches, and a resumed run goes on with those that it would have seen. Until the first
/// epoch is started the examples come in their own order, which is what an evaluation wants.
class BatchOrder {
 public:
  /// `batch_size` is the size of the largest batch. Throws std::invalid_argument unless both counts are at
  /// least 1.
  BatchOrder(Index examples, Index batch_size, std::uint64_t seed, BatchSizes sizes = BatchSizes::even);

  /// Draws the epoch's permutation; allocates nothing.
  void start_epoch(std::uint64_t epoch);

  /// Number of minibatches in an epoch: examples / batch_size, rounded up.
  [[nodiscard]] Index batches() const;
  /// How many examples come before minibatch i, 0 <= i <= batches().
  [[nodiscard]] Index before(Index i) const;
  /// The examples of minibatch i, 0 <= i < batches().
  [[nodiscard]] std::span<const Index> batch(Index i) const;

 private:
  std::vector<Index> order_;
  Index batch_size_;
  std::uint64_t seed_;
  BatchSizes sizes_;
};

}  // namespace SOAP_ABI
}  // namespace soap
