// The softplus function of many numbers at a time, and its slope.
#pragma once

#include "soap/linalg/kernels/exponential.hpp"
#include "soap/linalg/kernels/logarithm.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
class SoftplusKernel {
  using E = Exponential<Machine>;
  using V = typename E::V;

 public:
  static void softplus(const Scalar* x, Scalar* y, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent)
                   __attribute__((always_inline)) { extent.store(softplus(extent.load(x + i)), y + i); });
  }

  static void times_sigmoid(const Scalar* z, const Scalar* x, Scalar* result, Index count) {
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          extent.store(extent.load(x + i) * E::sigmoid(extent.load(z + i)), result + i);
        });
  }

 private:
  // max(x, 0) + log(1 + e^-|x|), without overflow.
  [[gnu::always_inline]] static V softplus(V x) {
    return (x < 0 ? V{} : x) + Logarithm<Machine>::log1p(E::exp(-E::absolute(x)));
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
