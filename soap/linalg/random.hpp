// Named random streams: one seed, and a stream for each purpose, whatever the thread or platform.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A stream of random numbers derived from (seed, purpose, index). The generator is xoshiro256++
/// (Blackman and Vigna, 2019); the distributions are written here because those of the standard library
/// differ between its implementations.
class Rng {
 public:
  explicit Rng(std::uint64_t seed, std::string_view purpose = "", std::uint64_t index = 0);

  /// 64 uniform bits.
  std::uint64_t bits();
  /// Uniform in [0, 1), with 53 random bits in both builds.
  double uniform();
  /// Uniform in [low, high).
  double uniform(double low, double high);
  /// Normal with mean 0 and standard deviation 1 (Marsaglia's polar method).
  double normal();
  /// Uniform in 0 ... bound - 1, without bias; bound > 0.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::array<std::uint64_t, 4> state_{};
  double spare_normal_ = 0;
  bool has_spare_normal_ = false;
};

/// Permutes the values (Fisher and Yates).
void shuffle(std::vector<Index>& values, Rng& rng);

}  // namespace SOAP_ABI
}  // namespace soap
