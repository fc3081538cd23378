// What one instruction set offers. Included by files that are compiled for processors other than the one they
// may run on: it must not bring in inline functions that the linker could share with the rest of the program.
#pragma once

#include <cstdint>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A matrix somewhere in memory.
struct Strided {
  const Scalar* data;
  Index row_stride;
  Index col_stride;
};

/// c = alpha·a·b + beta·c, or with a bias alpha·a·b + bias·1ᵀ, with a: m x k, b: k x n, c: m x n, each of m,
/// n, k above 0.
struct Product {
  Index m;
  Index n;
  Index k;
  Index depth;  ///< terms in a block of a sum; the last one may have fewer
  Scalar alpha;
  Scalar beta;
  const Scalar* bias;  ///< m elements, or null; with it beta is not used
  Strided a;
  Strided b;
  Scalar* c;
  Index c_stride;  ///< between columns; rows lie side by side
};

/// target = alpha·a·1 + beta·target, with a: m x n, target: m.
struct RowSums {
  Index m;
  Index n;
  const Scalar* a;
  Index a_stride;  ///< between columns; rows lie side by side
  Scalar alpha;
  Scalar beta;
  Scalar* target;
};

/// The factors of an optimizer's step. `decay` is the share of the weights that is added to the gradient, and
/// `rest` is 1 less the factor before it.
struct MomentumStep {
  Scalar rate;
  Scalar decay;
};
struct NesterovStep {
  Scalar rate;
  Scalar decay;
  Scalar momentum;
};
struct ManhattanStep {
  Scalar rate;
  Scalar decay;
  Scalar momentum;
};
struct AdamStep {
  Scalar rate;
  Scalar keep;  ///< of the weights, before the step
  Scalar decay;
  Scalar beta1;
  Scalar rest1;
  Scalar beta2;
  Scalar rest2;
  Scalar root;
  Scalar epsilon;
};
struct RmsPropStep {
  Scalar rate;
  Scalar decay;
  Scalar smoothing;
  Scalar rest;
  Scalar epsilon;
};

/// A chunk of random numbers is drawn from streams of its own.
inline constexpr Index random_chunk = 2048;

/// The chunks of a draw from `first_chunk` on.
struct RandomStretch {
  std::uint64_t key;
  std::uint64_t draw;
  std::uint64_t first_chunk;
};

struct Kernels {
  const char* isa;  ///< as in SOAP_ISA
  Index lanes;      ///< scalars in a vector
  Index tile_cols;
  /// Scalars that `multiply` needs as scratch memory, aligned to 64 bytes.
  Index (*scratch)(const Product&);
  void (*multiply)(const Product&, Scalar* scratch);
  void (*add_row_sums)(const RowSums&);
  /// y += alpha·x.
  void (*add_scaled)(Scalar alpha, const Scalar* x, Scalar* y, Index count);
  /// Of `count` elements each; y may be x.
  void (*exp)(const Scalar* x, Scalar* y, Index count);
  void (*tanh)(const Scalar* x, Scalar* y, Index count);
  void (*sigmoid)(const Scalar* x, Scalar* y, Index count);
  /// log(1 + e^x), and result = x/(1 + e^-z).
  void (*softplus)(const Scalar* x, Scalar* y, Index count);
  void (*times_sigmoid)(const Scalar* z, const Scalar* x, Scalar* result, Index count);
  /// z·Φ(z), and result = x·(Φ(z) + z·φ(z)), with the normal distribution's Φ and density φ.
  void (*gelu)(const Scalar* x, Scalar* y, Index count);
  void (*times_gelu_slope)(const Scalar* z, const Scalar* x, Scalar* result, Index count);
  /// result = x·(1 - y²).
  void (*times_tanh_slope)(const Scalar* y, const Scalar* x, Scalar* result, Index count);
  /// y = x where z > 0, else 0.
  void (*keep_where_positive)(const Scalar* z, const Scalar* x, Scalar* y, Index count);
  /// y = |size| with the sign of x, 0 where x is 0; for one size, or one for each element.
  void (*signed_size)(const Scalar* x, Scalar size, Scalar* y, Index count);
  void (*signed_sizes)(const Scalar* x, const Scalar* sizes, Scalar* y, Index count);
  /// `count` numbers, with the same bits on every instruction set: normal ones with this deviation, or
  /// uniform ones from `low` to `low + width`.
  void (*normal_numbers)(const RandomStretch&, Scalar deviation, Scalar* values, Index count);
  void (*uniform_numbers)(const RandomStretch&, Scalar low, Scalar width, Scalar* values, Index count);
  /// Numbers of an optimizer's state that would be denormal become 0.
  /// v += decay·W, W -= rate·v.
  void (*momentum)(const MomentumStep&, Scalar* v, Scalar* W, Index count);
  /// With h = g + decay·W: v = momentum·v + h, W -= rate·(h + momentum·v).
  void (*nesterov)(const NesterovStep&, const Scalar* g, Scalar* v, Scalar* W, Index count);
  /// With h = sign(g) + decay·W: v = momentum·v + h, W -= rate·v, or where v is null W -= rate·h.
  void (*manhattan)(const ManhattanStep&, const Scalar* g, Scalar* v, Scalar* W, Index count);
  /// With h = g + decay·W: m = beta1·m + rest1·h, v = beta2·v + rest2·h², W = keep·W - rate·m/(root·√v +
  /// epsilon).
  void (*adam)(const AdamStep&, const Scalar* g, Scalar* m, Scalar* v, Scalar* W, Index count);
  /// With h = g + decay·W: v = smoothing·v + rest·h², W -= rate·h/(√v + epsilon).
  void (*rmsprop)(const RmsPropStep&, const Scalar* g, Scalar* v, Scalar* W, Index count);
};

}  // namespace SOAP_ABI
}  // namespace soap
