// Normal and uniform numbers of generators side by side. Products and sums are rounded
// one by one, so that every instruction set gives the same bits.
#pragma once

#include "soap/linalg/kernels/exponential.hpp"
#include "soap/linalg/kernels/logarithm.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
class RandomNumbersKernel {
  using E = Exponential<Machine>;
  using V = typename E::V;
  using Word = typename E::Word;
  using Words = typename E::Words;
  static constexpr Index lanes = lanes_of<Machine>;
  using Draws = typename WordsOf<Machine>::Unsigned;
  using SignedDraws = typename WordsOf<Machine>::Signed;
  static constexpr Index streams = 16;
  static constexpr Index group = 2 * streams;

 public:
  static void normal_numbers(const RandomStretch& stretch, Scalar deviation, Scalar* values, Index count) {
    fill(
        stretch, values, count, [=](Draws first, Draws second, V & a, V & b) __attribute__((always_inline)) {
          normal_pair(deviation, first, second, a, b);
        });
  }

  static void uniform_numbers(const RandomStretch& stretch, Scalar low, Scalar width, Scalar* values,
                              Index count) {
    const Scalar share = width * static_cast<Scalar>(0x1p-31);
    fill(
        stretch, values, count, [=](Draws first, Draws second, V & a, V & b) __attribute__((always_inline)) {
          a = upper_bits(first) * share + low;
          b = upper_bits(second) * share + low;
        });
  }

 private:
  // Of all streams of a chunk, whatever the number of lanes.
  struct State {
    Draws s0;
    Draws s1;
    Draws s2;
    Draws s3;

    // xoshiro128++ (Blackman and Vigna, 2019).
    [[gnu::always_inline]] Draws next() {
      const Draws result = rotated(s0 + s3, 7) + s0;
      const Draws t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = rotated(s3, 11);
      return result;
    }
    [[gnu::always_inline]] static Draws rotated(Draws x, int by) { return (x << by) | (x >> (32 - by)); }
  };

  // Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011), one counter for each stream.
  static void begin(const RandomStretch& stretch, std::uint64_t chunk, State* states) {
    std::uint32_t words[4][streams];
    for (Index i = 0; i < streams; ++i) {
      const std::uint64_t place = chunk * streams + static_cast<std::uint64_t>(i);
      auto c0 = static_cast<std::uint32_t>(place);
      auto c1 = static_cast<std::uint32_t>(place >> 32U);
      auto c2 = static_cast<std::uint32_t>(stretch.draw);
      auto c3 = static_cast<std::uint32_t>(stretch.draw >> 32U);
      auto k0 = static_cast<std::uint32_t>(stretch.key);
      auto k1 = static_cast<std::uint32_t>(stretch.key >> 32U);
      for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t{0xd2511f53U} * c0;
        const std::uint64_t p1 = std::uint64_t{0xcd9e8d57U} * c2;
        c0 = static_cast<std::uint32_t>(p1 >> 32U) ^ c1 ^ k0;
        c1 = static_cast<std::uint32_t>(p1);
        c2 = static_cast<std::uint32_t>(p0 >> 32U) ^ c3 ^ k1;
        c3 = static_cast<std::uint32_t>(p0);
        k0 += 0x9e3779b9U;
        k1 += 0xbb67ae85U;
      }
      words[0][i] = c0;
      words[1][i] = c1;
      words[2][i] = c2;
      words[3][i] = c3;
    }
    for (Index i = 0; i < streams / lanes; ++i) {
      __builtin_memcpy(&states[i].s0, words[0] + i * lanes, sizeof(Draws));
      __builtin_memcpy(&states[i].s1, words[1] + i * lanes, sizeof(Draws));
      __builtin_memcpy(&states[i].s2, words[2] + i * lanes, sizeof(Draws));
      __builtin_memcpy(&states[i].s3, words[3] + i * lanes, sizeof(Draws));
    }
  }

  // make(first, second, a, b) makes two numbers of each stream's next two words.
  template <class Make>
  [[gnu::always_inline]] static void fill(const RandomStretch& stretch, Scalar* values, Index count,
                                          Make make) {
    std::uint64_t chunk = stretch.first_chunk;
    while (count > 0) {
      State states[streams / lanes];
      begin(stretch, chunk++, states);
      const Index here = smaller(count, random_chunk);
      Index i = 0;
      for (; i + group <= here; i += group) fill_group(states, values + i, make);
      if (i < here) {
        Scalar rest[group];
        fill_group(states, rest, make);
        for (Index k = 0; k < here - i; ++k) values[i + k] = rest[k];
      }
      values += here;
      count -= here;
    }
  }

  template <class Make>
  [[gnu::always_inline]] static void fill_group(State* states, Scalar* values, Make make) {
#pragma GCC unroll 8
    for (Index i = 0; i < streams / lanes; ++i) {
      const Draws first = states[i].next();
      const Draws second = states[i].next();
      V a;
      V b;
      make(first, second, a, b);
      Whole<Machine>{}.store(a, values + i * lanes);
      Whole<Machine>{}.store(b, values + streams + i * lanes);
    }
  }

  // The whole number of the upper 31 bits and a half: uniform from 0 to 2³¹, which it reaches by rounding in
  // float alone.
  [[gnu::always_inline]] static V upper_bits(Draws draws) {
    return __builtin_convertvector(reinterpret_cast<SignedDraws>(draws >> 1), V) + Scalar(0.5);
  }

  // Box and Muller (1958): √(-2·log u)·(cos φ, sin φ), with u from the first word and φ from the second.
  [[gnu::always_inline]] static void normal_pair(Scalar deviation, Draws first, Draws second, V& a, V& b) {
    const V radius = Machine::square_root(log_of_share(upper_bits(first)) * -2) * deviation;
    V cosine;
    V sine;
    circle(second, cosine, sine);
    a = radius * cosine;
    b = radius * sine;
  }

  // log(u·2⁻³¹), as that of u's mantissa, from √½ to √2, and its exponent.
  [[gnu::always_inline]] static V log_of_share(V u) {
    constexpr auto root_half = __builtin_bit_cast(Word, static_cast<Scalar>(0.70710678118654752440));
    constexpr auto whole = __builtin_bit_cast(Word, E::rounder);
    constexpr int bits = E::mantissa_bits;
    constexpr Word bias = Word{1} << (8 * sizeof(Word) - bits - 2);
    // The exponent plus `bias`, which keeps it above 0.
    const Words exponent = (reinterpret_cast<Words>(u) - root_half + (bias << bits)) >> bits;
    const V mantissa = reinterpret_cast<V>(reinterpret_cast<Words>(u) - ((exponent - bias) << bits));
    const V n = reinterpret_cast<V>(exponent + whole) - (E::rounder + static_cast<Scalar>(bias + 31));
    return n * static_cast<Scalar>(0.69314718055994530942) + Logarithm<Machine>::log1p(mantissa - 1);
  }

  // Minimax coefficients, for |x| <= π/4, of (sin x/x - 1)/x² and of (cos x - 1 + x²/2)/x⁴ in x².
#ifdef SOAP_DOUBLE
  static constexpr Scalar of_sine[] = {
      -0.16666666666666635,   0.0083333333333228364,   -0.0001984126983008516,
      2.7557313774384869e-06, -2.5050769510691446e-08, 1.5897390611909616e-10,
  };
  static constexpr Scalar of_cosine[] = {
      0.041666666666666644,    -0.001388888888888061,  2.4801587293105744e-05,
      -2.7557315304709781e-07, 2.0875842536635367e-09, -1.1365391881360681e-11,
  };
#else
  static constexpr Scalar of_sine[] = {-0.166666551F, 0.00833218605F, -0.000195181484F};
  static constexpr Scalar of_cosine[] = {0.0416666476F, -0.00138873996F, 2.4441629e-05F};
#endif
  static constexpr int last = sizeof of_sine / sizeof(Scalar) - 1;

  // Of 2π·draws/2³²: a whole number of quarter turns and at most half a one.
  [[gnu::always_inline]] static void circle(Draws draws, V& cosine, V& sine) {
    const V turns =
        __builtin_convertvector(reinterpret_cast<SignedDraws>(draws), V) * static_cast<Scalar>(0x1p-30);
    const V shifted = turns + E::rounder;
    const Words quarter = reinterpret_cast<Words>(shifted);
    const V x = (turns - (shifted - E::rounder)) * static_cast<Scalar>(1.5707963267948966192);
    const V w = x * x;
    V s = Machine::broadcast(of_sine[last]);
    V c = Machine::broadcast(of_cosine[last]);
#pragma GCC unroll 8
    for (int k = last - 1; k >= 0; --k) {
      s = s * w + of_sine[k];
      c = c * w + of_cosine[k];
    }
    s = x + x * w * s;
    c = 1 - (w * Scalar(0.5) - w * w * c);
    const auto odd = (quarter & 1) != 0;
    constexpr int to_sign = 8 * sizeof(Word) - 2;
    const Words sine_sign = (quarter & 2) << to_sign;
    const Words cosine_sign = ((quarter + 1) & 2) << to_sign;
    cosine = reinterpret_cast<V>(reinterpret_cast<Words>(odd ? s : c) ^ cosine_sign);
    sine = reinterpret_cast<V>(reinterpret_cast<Words>(odd ? c : s) ^ sine_sign);
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
