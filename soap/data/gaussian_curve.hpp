// A regression small enough to look at: a sine under a bell.
#pragma once

#include <cstdint>
#include <string_view>

#include "soap/data/matrix_dataset.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Standard deviation of the noise on the examples; its square is the lowest mean squared error that can be
/// expected.
inline constexpr double gaussian_curve_noise = 0.02;

/// 0.8·exp(-(1.4x)²)·sin(2x).
double gaussian_curve(double x);

/// `count` examples, inputs 1 x count and targets 1 x count: x evenly spaced from -2 to 2, y the curve there
/// plus noise from the stream (seed, purpose). Throws std::invalid_argument when count < 2.
MatrixDataset noisy_gaussian_curve(Index count, std::uint64_t seed, std::string_view purpose);

}  // namespace SOAP_ABI
}  // namespace soap
