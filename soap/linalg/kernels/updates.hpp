// What optimizers do to parameters, in one pass over memory.
#pragma once

#include <limits>

#include "soap/linalg/kernels/each_vector.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
class UpdateKernel {
  using V = Vector<Machine>;

 public:
  static void add_scaled(Scalar alpha, const Scalar* x, Scalar* y, Index count) {
    const V factor = Machine::broadcast(alpha);
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          extent.store(Machine::multiply_add(extent.load(x + i), factor, extent.load(y + i)), y + i);
        });
  }

  static void momentum(const MomentumStep& step, Scalar* v, Scalar* W, Index count) {
    const V decay = Machine::broadcast(step.decay);
    const V minus_rate = Machine::broadcast(-step.rate);
    const bool decays = step.decay != 0;
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          const V w = extent.load(W + i);
          V velocity = extent.load(v + i);
          if (decays) velocity = Machine::multiply_add(decay, w, velocity);
          velocity = without_denormals(velocity);
          extent.store(velocity, v + i);
          extent.store(Machine::multiply_add(minus_rate, velocity, w), W + i);
        });
  }

  static void nesterov(const NesterovStep& step, const Scalar* g, Scalar* v, Scalar* W, Index count) {
    const V decay = Machine::broadcast(step.decay);
    const V momentum = Machine::broadcast(step.momentum);
    const V minus_rate = Machine::broadcast(-step.rate);
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          const V w = extent.load(W + i);
          const V slope = Machine::multiply_add(decay, w, extent.load(g + i));
          const V velocity = Machine::multiply_add(momentum, extent.load(v + i), slope);
          extent.store(without_denormals(velocity), v + i);
          extent.store(Machine::multiply_add(minus_rate, Machine::multiply_add(momentum, velocity, slope), w),
                       W + i);
        });
  }

  static void manhattan(const ManhattanStep& step, const Scalar* g, Scalar* v, Scalar* W, Index count) {
    const V decay = Machine::broadcast(step.decay);
    const V momentum = Machine::broadcast(step.momentum);
    const V minus_rate = Machine::broadcast(-step.rate);
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          const V w = extent.load(W + i);
          V move = Machine::multiply_add(decay, w, sign(extent.load(g + i)));
          if (v != nullptr) {
            move = Machine::multiply_add(momentum, extent.load(v + i), move);
            extent.store(without_denormals(move), v + i);
          }
          extent.store(Machine::multiply_add(minus_rate, move, w), W + i);
        });
  }

  static void adam(const AdamStep& step, const Scalar* g, Scalar* m, Scalar* v, Scalar* W, Index count) {
    const V keep = Machine::broadcast(step.keep);
    const V decay = Machine::broadcast(step.decay);
    const V rate = Machine::broadcast(step.rate);
    const V root = Machine::broadcast(step.root);
    const V epsilon = Machine::broadcast(step.epsilon);
    const Mean first(step.beta1, step.rest1);
    const Mean second(step.beta2, step.rest2);
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          const V w = extent.load(W + i);
          const V slope = Machine::multiply_add(decay, w, extent.load(g + i));
          const V mean = first.next(extent.load(m + i), slope);
          const V mean_square = second.next(extent.load(v + i), slope * slope);
          extent.store(mean, m + i);
          extent.store(mean_square, v + i);
          const V scale = Machine::multiply_add(Machine::square_root(mean_square), root, epsilon);
          extent.store(w * keep - rate * mean / scale, W + i);
        });
  }

  static void rmsprop(const RmsPropStep& step, const Scalar* g, Scalar* v, Scalar* W, Index count) {
    const V decay = Machine::broadcast(step.decay);
    const V rate = Machine::broadcast(step.rate);
    const V epsilon = Machine::broadcast(step.epsilon);
    const Mean square(step.smoothing, step.rest);
    each_vector<Machine>(
        count, [=](Index i, auto extent) __attribute__((always_inline)) {
          const V w = extent.load(W + i);
          const V slope = Machine::multiply_add(decay, w, extent.load(g + i));
          const V mean_square = square.next(extent.load(v + i), slope * slope);
          extent.store(mean_square, v + i);
          extent.store(w - rate * slope / (Machine::square_root(mean_square) + epsilon), W + i);
        });
  }

 private:
  // 0 stays 0, and not a number what it is.
  [[gnu::always_inline]] static V sign(V x) {
    x = x > 0 ? Machine::broadcast(1) : x;
    return x < 0 ? Machine::broadcast(-1) : x;
  }

  static constexpr Scalar smallest = std::numeric_limits<Scalar>::min();

  // A state that nothing feeds fades; its last bits, which no longer count, would cost the processor many
  // times what other numbers do.
  [[gnu::always_inline]] static V without_denormals(V x) {
    const V size = x < 0 ? -x : x;
    return size < smallest ? V{} : x;
  }

  // A running mean.
  struct Mean {
    V old_part;
    V new_part;
    [[gnu::always_inline]] Mean(Scalar old, Scalar rest)
        : old_part(Machine::broadcast(old)), new_part(Machine::broadcast(rest)) {}
    [[gnu::always_inline]] V next(V mean, V value) const {
      return without_denormals(Machine::multiply_add(old_part, mean, new_part * value));
    }
  };
};

}  // namespace SOAP_ABI
}  // namespace soap
