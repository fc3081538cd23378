#include "fma_chains.hpp"
#include "fma_loops.hpp"

namespace bench {

float fma_avx2(std::int64_t rounds, float factor, float term) {
  using Vector = float __attribute__((vector_size(32)));
  return multiply_add<Vector, fma_avx2_chains>(rounds, factor, term);
}

}  // namespace bench
