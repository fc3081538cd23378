#include "fma_chains.hpp"
#include "fma_loops.hpp"

namespace bench {

float fma_avx512(std::int64_t rounds, float factor, float term) {
  using Vector = float __attribute__((vector_size(64)));
  return multiply_add<Vector, fma_avx512_chains>(rounds, factor, term);
}

}  // namespace bench
