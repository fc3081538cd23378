// GELU, z·Φ(z) with the normal distribution's exact Φ, of many numbers at a time, and its slope.
#pragma once

#include "soap/linalg/kernels/exponential.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
class GeluKernel {
  using E = Exponential<Machine>;
  using V = typename E::V;
  using Words = typename E::Words;

 public:
  static void gelu(const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent)
                   __attribute__((always_inline)) { extent.store(gelu(extent.load(x + i)), y + i); });
  }

  static void times_gelu_slope(const Scalar* z, const Scalar* x, Scalar* result, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          extent.store(extent.load(x + i) * slope(extent.load(z + i)), result + i);
        });
  }

 private:
  // From `vanishes` on a·e^(-a²/2) is less than half of the smallest number above 0, and a number without its
  // `low_bits` has an exact square. The coefficients are those of a minimax polynomial, in the relative
  // error, of (a + 4)·e^(a²/2)·Φ(-a) in 4/3·(2 - a)/(a + 4), for a from 0 to where it vanishes.
#ifdef SOAP_DOUBLE
  static constexpr Scalar vanishes = 40;
  static constexpr int low_bits = 27;
  static constexpr Scalar coefficients[] = {
      1.0086120073390237,     0.93747449928320359,     0.6159397997110162,      0.27220279153695337,
      0.06527950706551168,    -0.002611330674253595,   -0.0062178398455164791,  -0.00048804258534776511,
      0.00063310920133673697, 5.763865231686399e-05,   -7.9424085916930692e-05, -4.0532221388098755e-07,
      1.0680483773831544e-05, -1.6702038474070612e-06, -1.2108536355890707e-06, 5.3678336240983423e-07,
      4.6358603337964307e-08, -1.2318934211340231e-07, 1.9093551343802677e-08,  2.6234518022624821e-08,
      1.195322338486104e-10,  -1.4879182833421302e-09,
  };
#else
  static constexpr Scalar vanishes = 15;
  static constexpr int low_bits = 12;
  static constexpr Scalar coefficients[] = {
      1.00861201F,     0.937474516F,     0.615939864F,    0.272202272F,    0.0652781769F,    -0.00260713313F,
      -0.00620828724F, -0.000500328026F, 0.000604406276F, 6.90798542e-05F, -4.50612454e-05F,
  };
#endif
  static constexpr int last_coefficient = sizeof coefficients / sizeof(Scalar) - 1;

  // Φ(-a) = 2^n·factor·ratio.
  struct Tail {
    V n;
    V factor;  // 2^n·factor = e^(-a²/2)
    V ratio;   // Φ(-a)·e^(a²/2)
  };

  [[gnu::always_inline]] static Tail tail(V a) {
    const V t = 1 / (a + 4);
    const V u = (2 - a) * (static_cast<Scalar>(4.0 / 3) * t);
    V sum = Machine::broadcast(coefficients[last_coefficient]);
#pragma GCC unroll 32
    for (int k = last_coefficient - 1; k >= 0; --k)
      sum = Machine::multiply_add(sum, u, Machine::broadcast(coefficients[k]));
    // a² in two parts: a rounding of a² itself would become many in its exponential.
    constexpr auto low = typename E::Word{1} << low_bits;
    const V high = reinterpret_cast<V>((reinterpret_cast<Words>(a) + low / 2) & ~(low - 1));
    const auto e = E::power(high * high * Scalar(-0.5), (a - high) * (a + high) * Scalar(-0.5));
    return {e.n, 1 + e.rest, t * sum};
  }

  // |z|, or where the function is flat the least such number; not a number stays what it is.
  [[gnu::always_inline]] static V size(V z) {
    const V a = E::absolute(z);
    return a > vanishes ? Machine::broadcast(vanishes) : a;
  }

  // max(z, 0) - |z|·Φ(-|z|), in which small values keep their digits.
  [[gnu::always_inline]] static V gelu(V z) {
    const V a = size(z);
    const Tail tail_of_a = tail(a);
    return (z < 0 ? V{} : z) - E::scaled(tail_of_a.factor * (a * tail_of_a.ratio), tail_of_a.n);
  }

  // Φ(z) + z·φ(z), which for -z is 1 less the same.
  [[gnu::always_inline]] static V slope(V z) {
    constexpr auto inverse_root_two_pi = static_cast<Scalar>(0.39894228040143267794);
    const V a = size(z);
    const Tail tail_of_a = tail(a);
    const V below = E::scaled(tail_of_a.factor * (tail_of_a.ratio - a * inverse_root_two_pi), tail_of_a.n);
    return z < 0 ? below : 1 - below;
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
