// exp, tanh and the logistic sigmoid of many numbers at a time. Elements that do not fill a vector go through
// the same operations as the others, so an element has the same bits wherever it stands.
#pragma once

#include <type_traits>

#include "soap/linalg/kernels/each_vector.hpp"

namespace soap::inline SOAP_ABI {

/// The errors in units in the last place, at most, are those that elementwise_test.cpp allows.
template <class Machine>
class ElementwiseKernel {
  using V = Vector<Machine>;
  using Word = std::conditional_t<sizeof(Scalar) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
  using Words [[gnu::vector_size(Machine::vector_bytes)]] = Word;

 public:
  static void exp(const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent)
                   __attribute__((always_inline)) { extent.store(exp(extent.load(x + i)), y + i); });
  }

  static void tanh(const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent)
                   __attribute__((always_inline)) { extent.store(tanh(extent.load(x + i)), y + i); });
  }

  static void sigmoid(const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent)
                   __attribute__((always_inline)) { extent.store(sigmoid(extent.load(x + i)), y + i); });
  }

  static void times_tanh_slope(const Scalar* y, const Scalar* x, Scalar* result, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          const V out = extent.load(y + i);
          extent.store(extent.load(x + i) * (1 - out * out), result + i);
        });
  }

  static void keep_where_positive(const Scalar* z, const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          extent.store(extent.load(z + i) > 0 ? extent.load(x + i) : V{}, y + i);
        });
  }

  static void signed_size(const Scalar* x, Scalar size, Scalar* y, Index count) {
    const V sizes = Machine::broadcast(size);
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          extent.store(signed_like(extent.load(x + i), sizes), y + i);
        });
  }

  static void signed_sizes(const Scalar* x, const Scalar* sizes, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          extent.store(signed_like(extent.load(x + i), extent.load(sizes + i)), y + i);
        });
  }

 private:
  // Added and taken away again, `rounder` leaves the nearest whole number, which until then is in the last
  // bits. e^lowest is less than half of the smallest number above 0, e^highest more than the largest number,
  // and from `tanh_is_one` on 2x is where tanh x rounds to 1. ln 2 comes in two parts: n times the first is
  // exact for every n that occurs. The coefficients are minimax ones of (e^r - 1 - r)/r² for |r| <= ln 2 / 2,
  // weighted by |r| + 0.05.
#ifdef SOAP_DOUBLE
  static constexpr int mantissa_bits = 52;
  static constexpr Scalar exponent_bias = 1023;
  static constexpr Scalar rounder = 0x1.8p52;
  static constexpr Scalar lowest = -746;
  static constexpr Scalar highest = 710;
  static constexpr Scalar tanh_is_one = 40;
  static constexpr Scalar ln2_high = 0x1.62e42fefa3p-1;
  static constexpr Scalar ln2_low = 2.8235290563031577e-13;
  static constexpr Scalar coefficients[] = {
      0.5,
      0.16666666666666674,
      0.041666666666666699,
      0.0083333333333227878,
      0.0013888888888868914,
      0.00019841269883461222,
      2.480158735721846e-05,
      2.7557246688299503e-06,
      2.7557245174706127e-07,
      2.5108230452484497e-08,
      2.092379494510681e-09,
  };
#else
  static constexpr int mantissa_bits = 23;
  static constexpr Scalar exponent_bias = 127;
  static constexpr Scalar rounder = 0x1.8p23F;
  static constexpr Scalar lowest = -104;
  static constexpr Scalar highest = 89;
  static constexpr Scalar tanh_is_one = 20;
  static constexpr Scalar ln2_high = 0.693359375F;
  static constexpr Scalar ln2_low = -2.12194440e-4F;
  static constexpr Scalar coefficients[] = {
      0.5F, 0.166666672F, 0.0416663811F, 0.00833327603F, 0.0013939424F, 0.000199129441F,
  };
#endif
  static constexpr int last_coefficient = sizeof coefficients / sizeof(Scalar) - 1;
  static constexpr Word sign_bit = Word{1} << (8 * sizeof(Word) - 1);

  // e^x = 2^n·(1 + rest).
  struct Power {
    V n;
    V rest;
  };

  // 0 where x is 0.
  [[gnu::always_inline]] static V signed_like(V x, V size) {
    const Words sign = reinterpret_cast<Words>(x) & sign_bit;
    const Words bits = (reinterpret_cast<Words>(size) & ~sign_bit) | sign;
    return x == 0 ? V{} : reinterpret_cast<V>(bits);
  }

  [[gnu::always_inline]] static V nearest_whole(V x, Scalar factor) {
    return Machine::multiply_add(x, Machine::broadcast(factor), Machine::broadcast(rounder)) - rounder;
  }

  // 2^n, where that is neither denormal nor infinite.
  [[gnu::always_inline]] static V power_of_two(V n) {
    return reinterpret_cast<V>(reinterpret_cast<Words>(n + (rounder + exponent_bias)) << mantissa_bits);
  }

  [[gnu::always_inline]] static Power power(V x) {
    constexpr auto log2_e = static_cast<Scalar>(1.4426950408889634074);
    const V n = nearest_whole(x, log2_e);
    V r = Machine::multiply_add(n, Machine::broadcast(-ln2_high), x);
    r = Machine::multiply_add(n, Machine::broadcast(-ln2_low), r);
    V sum = Machine::broadcast(coefficients[last_coefficient]);
#pragma GCC unroll 16
    for (int k = last_coefficient - 1; k >= 0; --k)
      sum = Machine::multiply_add(sum, r, Machine::broadcast(coefficients[k]));
    return {n, Machine::multiply_add(r * r, sum, r)};
  }

  // Comparisons are such that not a number stays what it is.
  [[gnu::always_inline]] static V exp(V x) {
    x = x < lowest ? Machine::broadcast(lowest) : x;
    x = x > highest ? Machine::broadcast(highest) : x;
    const Power e = power(x);
    // In two steps, because 2^n may be out of range where e^x is not.
    const V half = nearest_whole(e.n, Scalar(0.5));
    return (1 + e.rest) * power_of_two(half) * power_of_two(e.n - half);
  }

  // (e^2x - 1)/(e^2x + 1) of the absolute value, without losing digits where e^2x is near 1.
  [[gnu::always_inline]] static V tanh(V x) {
    const Words sign = reinterpret_cast<Words>(x) & sign_bit;
    V twice = reinterpret_cast<V>(reinterpret_cast<Words>(x) ^ sign) * 2;
    twice = twice > tanh_is_one ? Machine::broadcast(tanh_is_one) : twice;
    const Power e = power(twice);
    const V scale = power_of_two(e.n);
    const V less_one = Machine::multiply_add(scale, e.rest, scale - 1);
    return reinterpret_cast<V>(reinterpret_cast<Words>(less_one / (less_one + 2)) | sign);
  }

  // 1/(1 + e^-x), or for negative x e^x/(1 + e^x), so that small values keep their digits.
  [[gnu::always_inline]] static V sigmoid(V x) {
    const V e = exp(reinterpret_cast<V>(reinterpret_cast<Words>(x) | sign_bit));
    return (x < 0 ? e : Machine::broadcast(1)) / (1 + e);
  }
};

}  // namespace soap::inline SOAP_ABI
