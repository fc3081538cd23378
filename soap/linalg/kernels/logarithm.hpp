// log(1 + x) of vectors.
#pragma once

#include "soap/linalg/kernels/vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
struct Logarithm {
  using V = Vector<Machine>;

  // Minimax coefficients of (artanh(s)/s - 1)/s² in s², for s² <= 1/9, weighted by s² + 0.003.
#ifdef SOAP_DOUBLE
  static constexpr Scalar coefficients[] = {
      0.33333333333333276,  0.20000000000040533,  0.14285714278126643,  0.11111111751335538,
      0.090908794473694765, 0.076931331455858468, 0.066522781789574326, 0.060397755136871206,
      0.042246607648136841, 0.084134486566349281,
  };
#else
  static constexpr Scalar coefficients[] = {
      0.333333368F, 0.199995162F, 0.143065604F, 0.107324845F, 0.120854487F,
  };
#endif
  static constexpr int last_coefficient = sizeof coefficients / sizeof(Scalar) - 1;

  // For -1/2 <= x <= 1, as 2·artanh(s) with s = x/(2 + x), such that an error of s bears on a small part
  // alone. Products and sums are rounded one by one, so that every instruction set gives the same bits.
  [[gnu::always_inline]] static V log1p(V x) {
    const V s = x / (2 + x);
    const V w = s * s;
    V sum = Machine::broadcast(coefficients[last_coefficient]);
#pragma GCC unroll 16
    for (int k = last_coefficient - 1; k >= 0; --k) sum = sum * w + coefficients[k];
    return x - s * (x - (w + w) * sum);
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
