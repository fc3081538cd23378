// Digits drawn by the library itself, for a machine that has no MNIST.
#pragma once

#include <cstdint>

#include "soap/data/image_dataset.hpp"

namespace soap::inline SOAP_ABI {

struct SyntheticDigitsOptions {
  Index train = 60'000;
  Index test = 10'000;
  std::uint64_t seed = 1;
};

/// 28 x 28 gray images of the digits 0 ... 9, in the same ten classes and about as hard as MNIST: pen strokes
/// in several ways of writing each digit, with random bends, slant, size, place, thickness, gaps and noise.
/// Image i depends on (seed, i) alone: not on the number of images or threads. Training and test images come
/// from streams of their own. Throws std::invalid_argument unless both counts are 1 ... 10,000,000.
TrainTest synthetic_digits(const SyntheticDigitsOptions& options);

}  // namespace soap::inline SOAP_ABI
