// The loop that finds the peak: nothing but multiply-adds that do not wait for each other.
#pragma once

#include <array>
#include <cstdint>

// Each file that includes this is compiled for another instruction set: without a name of its own in each,
// the linker would keep one copy for all.
namespace {

/// `chains` sums, each of which becomes sum·factor + term `rounds` times. With chains enough to cover a
/// multiply-add's latency times the number of units, every unit starts one in each cycle.
template <class Vector, int chains>
float multiply_add(std::int64_t rounds, float factor, float term) {
  const Vector factors = Vector{} + factor;
  const Vector terms = Vector{} + term;
  std::array<Vector, chains> sums;
#pragma GCC unroll 32
  for (int c = 0; c < chains; ++c) sums[c] = terms * static_cast<float>(c);
  for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 32
    for (int c = 0; c < chains; ++c) sums[c] = sums[c] * factors + terms;
  }
  // Someone must want the sums.
  Vector total = sums[0];
  for (int c = 1; c < chains; ++c) total += sums[c];
  return total[0];
}

}  // namespace
