// Compiled for AVX-512.
// On other processors this file is empty.
#ifdef __x86_64__

#include <immintrin.h>

#include "soap/linalg/kernels/all.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

struct Avx512 {
  static constexpr Index vector_bytes = 64;
  static constexpr Index tile_vectors = 3;
  static constexpr Index tile_cols = 8;
  static constexpr Index column_vectors = 12;
  static constexpr Index block_tiles = 4;
  static constexpr Index least_cols_to_pack_a = 96;
  static constexpr Index least_rows_to_pack_b = 576;

#ifdef SOAP_DOUBLE
  static __m512d broadcast(double value) { return _mm512_set1_pd(value); }
  static __m512d multiply_add(__m512d a, __m512d b, __m512d c) { return _mm512_fmadd_pd(a, b, c); }
  // The plain form makes GCC 12 warn of a value that is not set.
  static __m512d square_root(__m512d v) { return _mm512_maskz_sqrt_pd(0xff, v); }
  static __m512d load_first(Index count, const double* from) {
    return _mm512_maskz_loadu_pd(mask(count), from);
  }
  static void store_first(Index count, __m512d v, double* to) { _mm512_mask_storeu_pd(to, mask(count), v); }
  static __mmask8 mask(Index count) { return static_cast<__mmask8>((1U << count) - 1); }
#else
  static __m512 broadcast(float value) { return _mm512_set1_ps(value); }
  static __m512 multiply_add(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
  static __m512 square_root(__m512 v) { return _mm512_maskz_sqrt_ps(0xffff, v); }
  static __m512 load_first(Index count, const float* from) {
    return _mm512_maskz_loadu_ps(mask(count), from);
  }
  static void store_first(Index count, __m512 v, float* to) { _mm512_mask_storeu_ps(to, mask(count), v); }
  static __mmask16 mask(Index count) { return static_cast<__mmask16>((1U << count) - 1); }
#endif
};

}  // namespace

extern const Kernels avx512_kernels;
constinit const Kernels avx512_kernels = kernels_of<Avx512>("avx512");

}  // namespace SOAP_ABI
}  // namespace soap

#endif
