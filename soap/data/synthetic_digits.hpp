// Digits drawn by the library itself, for a machine that has no MNIST.
#pragma once

#include <cstdint>

#include "soap/data/image_dataset.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct SyntheticDigitsOptions {
  Index train = 60'000;
  Index test = 10'000;
  std::uint64_t seed = 1;
};

/// 28 x 28 gray images of the digits 0 ... 9, in MNIST's ten classes and about as hard: pen strokes in
/// several ways of writing each digit, with random bends, slant, size, place, thickness, gaps and noise.
/// Image i depends on (seed, i) alone, not on the number of images or threads, and is the same in the float
/// and the double build; only code compiled with fused multiply-add may round a few pixels to the neighboring
/// gray level. Training and test images come from streams of their own. Throws std::invalid_argument unless
/// both counts are 1 ... 10,000,000.
TrainTest synthetic_digits(const SyntheticDigitsOptions& options);

}  // namespace SOAP_ABI
}  // namespace soap
