// What the trainer reads examples from, one minibatch at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// One minibatch in memory of its own, so that gathering never allocates after the first call of `reserve`.
class Batch {
 public:
  /// Room for `capacity` examples. Throws std::invalid_argument when a number is below 1.
  void reserve(Index features, Index outputs, Index capacity);
  /// The number of examples that the views below show. Throws std::invalid_argument unless it is in 0 ...
  /// capacity().
  void resize(Index size);
  [[nodiscard]] Index size() const { return size_; }
  [[nodiscard]] Index capacity() const { return inputs_.cols(); }

  /// Inputs, features x size.
  [[nodiscard]] auto inputs() { return inputs_.leftCols(size_); }
  [[nodiscard]] auto inputs() const { return inputs_.leftCols(size_); }
  /// Targets, outputs x size: one-hot columns where the data have labels, else the values to regress on.
  [[nodiscard]] auto targets() { return targets_.leftCols(size_); }
  [[nodiscard]] auto targets() const { return targets_.leftCols(size_); }
  /// One label an example; empty where the data have none.
  [[nodiscard]] std::span<const std::int32_t> labels() const;
  /// Sets one example's label and its one-hot target column. Throws std::invalid_argument unless `example` is
  /// in 0 ... size() - 1 and `label` in 0 ... outputs - 1.
  void set_label(Index example, std::int32_t label);

 private:
  friend class Dataset;
  Matrix inputs_;
  Matrix targets_;
  std::vector<std::int32_t> labels_;
  Index size_ = 0;
  bool labeled_ = false;
};

/// Examples that can be gathered into a batch in any order. Implementations are read-only after construction,
/// so that several trainers can share one.
class Dataset {
 public:
  virtual ~Dataset() = default;
  /// Number of examples.
  [[nodiscard]] virtual Index size() const = 0;
  /// Length of one input column.
  [[nodiscard]] virtual Index features() const = 0;
  /// Number of classes, or the length of one target column.
  [[nodiscard]] virtual Index outputs() const = 0;
  /// Writes the chosen examples, in the given order, into the batch. Throws std::invalid_argument if the
  /// batch was reserved for other shapes or less, or an example is not in 0 ... size() - 1.
  virtual void gather(std::span<const Index> examples, Batch& batch) const = 0;

 protected:
  Dataset() = default;
  Dataset(const Dataset&) = default;
  Dataset(Dataset&&) = default;
  Dataset& operator=(const Dataset&) = default;
  Dataset& operator=(Dataset&&) = default;

  /// Sizes the batch for these examples, or throws as `gather` does.
  void make_room(std::span<const Index> examples, Batch& batch) const;
};

}  // namespace SOAP_ABI
}  // namespace soap
