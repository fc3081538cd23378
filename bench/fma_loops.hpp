// The loops of multiply-adds, each compiled for its own instruction set.
#pragma once

#include <cstdint>

namespace bench {

// Floating-point operations in a round: two a lane and chain.
inline constexpr int fma_generic_chains = 12;
inline constexpr double fma_generic_flops = 2.0 * fma_generic_chains * 4;
float fma_generic(std::int64_t rounds, float factor, float term);

// Of AVX2's sixteen registers two hold the factor and the term.
inline constexpr int fma_avx2_chains = 12;
inline constexpr double fma_avx2_flops = 2.0 * fma_avx2_chains * 8;
float fma_avx2(std::int64_t rounds, float factor, float term);

inline constexpr int fma_avx512_chains = 24;
inline constexpr double fma_avx512_flops = 2.0 * fma_avx512_chains * 16;
float fma_avx512(std::int64_t rounds, float factor, float term);

}  // namespace bench
