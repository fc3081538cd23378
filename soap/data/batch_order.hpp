// The order in which examples are visited, cut into minibatches.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "soap/linalg/matrix.hpp"

namespace soap::inline SOAP_ABI {

/// Minibatches of one epoch. The order depends on (seed, epoch) alone, so that every rule trained at a seed
/// sees the same minibatches, and a resumed run goes on with those that it would have seen. Until the first
/// epoch is started the examples come in their own order, which is what an evaluation wants.
class BatchOrder {
 public:
  /// Throws std::invalid_argument unless both counts are at least 1.
  BatchOrder(Index examples, Index batch_size, std::uint64_t seed);

  /// Draws the epoch's permutation; allocates nothing.
  void start_epoch(std::uint64_t epoch);

  /// Number of minibatches in an epoch, the last of which may be smaller than the others.
  [[nodiscard]] Index batches() const;
  /// The examples of minibatch i, 0 <= i < batches().
  [[nodiscard]] std::span<const Index> batch(Index i) const;

 private:
  std::vector<Index> order_;
  Index batch_size_;
  std::uint64_t seed_;
};

}  // namespace soap::inline SOAP_ABI
