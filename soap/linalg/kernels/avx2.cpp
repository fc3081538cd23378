// Compiled for AVX2 and FMA.
// On other processors this file is empty.
#ifdef __x86_64__

#include <immintrin.h>

#include "soap/linalg/kernels/all.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

struct Avx2 {
  static constexpr Index vector_bytes = 32;
  static constexpr Index tile_vectors = 2;
  static constexpr Index tile_cols = 6;
  static constexpr Index column_vectors = 8;
  static constexpr Index block_tiles = 12;
  static constexpr Index least_cols_to_pack_a = 96;
  static constexpr Index least_rows_to_pack_b = 576;

#ifdef SOAP_DOUBLE
  static __m256d broadcast(double value) { return _mm256_set1_pd(value); }
  static __m256d multiply_add(__m256d a, __m256d b, __m256d c) { return _mm256_fmadd_pd(a, b, c); }
  static __m256d square_root(__m256d v) { return _mm256_sqrt_pd(v); }
  static __m256d load_first(Index count, const double* from) { return _mm256_maskload_pd(from, mask(count)); }
  static void store_first(Index count, __m256d v, double* to) { _mm256_maskstore_pd(to, mask(count), v); }
  static __m256i mask(Index count) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_set_epi64x(3, 2, 1, 0));
  }
#else
  static __m256 broadcast(float value) { return _mm256_set1_ps(value); }
  static __m256 multiply_add(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
  static __m256 square_root(__m256 v) { return _mm256_sqrt_ps(v); }
  static __m256 load_first(Index count, const float* from) { return _mm256_maskload_ps(from, mask(count)); }
  static void store_first(Index count, __m256 v, float* to) { _mm256_maskstore_ps(to, mask(count), v); }
  static __m256i mask(Index count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                              _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
  }
#endif
};

}  // namespace

extern const Kernels avx2_kernels;
constinit const Kernels avx2_kernels = kernels_of<Avx2>("avx2");

}  // namespace SOAP_ABI
}  // namespace soap

#endif
