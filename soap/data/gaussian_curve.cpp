#include "soap/data/gaussian_curve.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "soap/linalg/random.hpp"

namespace soap {
inline namespace SOAP_ABI {

double gaussian_curve(double x) { return 0.8 * std::exp(-(1.4 * x) * (1.4 * x)) * std::sin(2 * x); }

MatrixDataset noisy_gaussian_curve(Index count, std::uint64_t seed, std::string_view purpose) {
  if (count < 2) {
    throw std::invalid_argument("gaussian curve: found " + std::to_string(count) +
                                " examples, expected at least 2");
  }
  Rng rng(seed, purpose);
  Matrix x(1, count);
  Matrix y(1, count);
  for (Index i = 0; i < count; ++i) {
    const double at = -2 + 4 * static_cast<double>(i) / static_cast<double>(count - 1);
    x(0, i) = static_cast<Scalar>(at);
    y(0, i) = static_cast<Scalar>(gaussian_curve(at) + gaussian_curve_noise * rng.normal());
  }
  return {x, y};
}

}  // namespace SOAP_ABI
}  // namespace soap
