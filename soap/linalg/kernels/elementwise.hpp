// exp, tanh and the logistic sigmoid of many numbers at a time. Elements that do not fill a vector go through
// the same operations as the others, so an element has the same bits wherever it stands.
#pragma once

#include "soap/linalg/kernels/exponential.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The errors in units in the last place, at most, are those that elementwise_test.cpp allows.
template <class Machine>
class ElementwiseKernel {
  using E = Exponential<Machine>;
  using V = typename E::V;
  using Words = typename E::Words;
  static constexpr auto sign_bit = E::sign_bit;

 public:
  static void exp(const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent)
                   __attribute__((always_inline)) { extent.store(E::exp(extent.load(x + i)), y + i); });
  }

  static void tanh(const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent)
                   __attribute__((always_inline)) { extent.store(tanh(extent.load(x + i)), y + i); });
  }

  static void sigmoid(const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent)
                   __attribute__((always_inline)) { extent.store(E::sigmoid(extent.load(x + i)), y + i); });
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
  // From here on 2x is where tanh x rounds to 1.
  static constexpr Scalar tanh_is_one = sizeof(Scalar) == sizeof(float) ? 20 : 40;

  // 0 where x is 0.
  [[gnu::always_inline]] static V signed_like(V x, V size) {
    const Words sign = reinterpret_cast<Words>(x) & sign_bit;
    const Words bits = (reinterpret_cast<Words>(size) & ~sign_bit) | sign;
    return x == 0 ? V{} : reinterpret_cast<V>(bits);
  }

  // (e^2x - 1)/(e^2x + 1) of the absolute value, without losing digits where e^2x is near 1.
  [[gnu::always_inline]] static V tanh(V x) {
    const Words sign = reinterpret_cast<Words>(x) & sign_bit;
    V twice = reinterpret_cast<V>(reinterpret_cast<Words>(x) ^ sign) * 2;
    twice = twice > tanh_is_one ? Machine::broadcast(tanh_is_one) : twice;
    const auto e = E::power(twice);
    const V scale = E::power_of_two(e.n);
    const V less_one = Machine::multiply_add(scale, e.rest, scale - 1);
    return reinterpret_cast<V>(reinterpret_cast<Words>(less_one / (less_one + 2)) | sign);
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
