// How many multiply-adds this machine can do: what every GFLOP/s is a share of.
#pragma once

#include <cstdint>
#include <string>

#include "sampling.hpp"

namespace bench {

/// One instruction set's loop of multiply-adds.
struct FmaLoop {
  std::string name;  ///< of the instruction set
  double flops;      ///< of one round
  float (*run)(std::int64_t rounds, float factor, float term);
};

/// The fastest of the loops that this machine can run; found once, by trying them.
const FmaLoop& fma_peak();

/// The loop on so many threads at once, all of which start together and must have finished.
Run fma_run(const FmaLoop& loop, int threads);

/// A contender "peak", for a group whose others are to be seen as shares of it.
Contender peak_contender(int threads);

}  // namespace bench
