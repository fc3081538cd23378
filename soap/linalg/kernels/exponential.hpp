// e^x of vectors, and what is made from it. Elements that do not fill a vector go through the same operations
// as the others, so an element has the same bits wherever it stands.
#pragma once

#include <type_traits>

#include "soap/linalg/kernels/each_vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
struct Exponential {
  using V = Vector<Machine>;
  using Word = std::conditional_t<sizeof(Scalar) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
  using Words [[gnu::vector_size(Machine::vector_bytes)]] = Word;

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
  static constexpr Scalar ln2_high = 0.693359375F;
  static constexpr Scalar ln2_low = -2.12194440e-4F;
  static constexpr Scalar coefficients[] = {
      0.5F, 0.166666672F, 0.0416663811F, 0.00833327603F, 0.0013939424F, 0.000199129441F,
  };
#endif
  static constexpr auto log2_e = static_cast<Scalar>(1.4426950408889634074);
  static constexpr int last_coefficient = sizeof coefficients / sizeof(Scalar) - 1;
  static constexpr Word sign_bit = Word{1} << (8 * sizeof(Word) - 1);

  // e^x = 2^n·(1 + rest).
  struct Power {
    V n;
    V rest;
  };

  [[gnu::always_inline]] static V nearest_whole(V x, Scalar factor) {
    return Machine::multiply_add(x, Machine::broadcast(factor), Machine::broadcast(rounder)) - rounder;
  }

  // 2^n, where that is neither denormal nor infinite.
  [[gnu::always_inline]] static V power_of_two(V n) {
    return reinterpret_cast<V>(reinterpret_cast<Words>(n + (rounder + exponent_bias)) << mantissa_bits);
  }

  [[gnu::always_inline]] static Power power(V x) {
    const V n = nearest_whole(x, log2_e);
    return {n, less_one(without(n, x))};
  }

  // Of x + low, with a `low` that is small beside 1.
  [[gnu::always_inline]] static Power power(V x, V low) {
    const V n = nearest_whole(x, log2_e);
    return {n, less_one(without(n, x) + low)};
  }

  // x - n·ln 2.
  [[gnu::always_inline]] static V without(V n, V x) {
    const V r = Machine::multiply_add(n, Machine::broadcast(-ln2_high), x);
    return Machine::multiply_add(n, Machine::broadcast(-ln2_low), r);
  }

  // e^r - 1.
  [[gnu::always_inline]] static V less_one(V r) {
    V sum = Machine::broadcast(coefficients[last_coefficient]);
#pragma GCC unroll 16
    for (int k = last_coefficient - 1; k >= 0; --k)
      sum = Machine::multiply_add(sum, r, Machine::broadcast(coefficients[k]));
    return Machine::multiply_add(r * r, sum, r);
  }

  // Comparisons are such that not a number stays what it is.
  [[gnu::always_inline]] static V exp(V x) {
    x = x < lowest ? Machine::broadcast(lowest) : x;
    x = x > highest ? Machine::broadcast(highest) : x;
    const Power e = power(x);
    return scaled(1 + e.rest, e.n);
  }

  // x·2^n, in two steps, because 2^n may be out of range where the product is not.
  [[gnu::always_inline]] static V scaled(V x, V n) {
    const V half = nearest_whole(n, Scalar(0.5));
    return x * power_of_two(half) * power_of_two(n - half);
  }

  [[gnu::always_inline]] static V absolute(V x) {
    return reinterpret_cast<V>(reinterpret_cast<Words>(x) & ~sign_bit);
  }

  // 1/(1 + e^-x), or for negative x e^x/(1 + e^x), so that small values keep their digits.
  [[gnu::always_inline]] static V sigmoid(V x) {
    const V e = exp(reinterpret_cast<V>(reinterpret_cast<Words>(x) | sign_bit));
    return (x < 0 ? e : Machine::broadcast(1)) / (1 + e);
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
