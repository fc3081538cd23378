// A batch of noise with labels.
#pragma once

#include <cstdint>

#include "soap/data/dataset.hpp"

#include "tests/support/matrices.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline Batch random_batch(Index inputs, Index outputs, Index size, std::uint64_t seed) {
  Batch batch;
  batch.reserve(inputs, outputs, size);
  batch.resize(size);
  batch.inputs() = random_matrix(inputs, size, seed);
  Rng rng(seed, "test labels");
  for (Index i = 0; i < size; ++i) {
    const auto label = rng.below(static_cast<std::uint64_t>(outputs));
    batch.set_label(i, static_cast<std::int32_t>(label));
  }
  return batch;
}

}  // namespace SOAP_ABI
}  // namespace soap
