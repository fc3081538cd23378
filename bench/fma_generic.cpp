#include "fma_chains.hpp"
#include "fma_loops.hpp"

namespace bench {

float fma_generic(std::int64_t rounds, float factor, float term) {
  using Vector = float __attribute__((vector_size(16)));
  return multiply_add<Vector, fma_generic_chains>(rounds, factor, term);
}

}  // namespace bench
