// Element-wise nonlinearities.
#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/linalg/elementwise.hpp"
#include "soap/linalg/runs.hpp"
#include "soap/nn/layer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// y = f(z) for each element. `Function` has a `name()` that says its parameters too, `value(z)` and
/// `slope(z, y)`, the derivative at z where y = f(z); whichever of the two is cheaper may be used. A user's
/// own activation is such a class. It may also have loops of its own for `count` elements side by side, which
/// are used instead: `values(z, y, count)` for y = f(z), and `errors(z, y, from_above, below, count)` for
/// below = from_above ⊙ f'(z).
template <class Function>
class Activation final : public Layer {
 public:
  explicit Activation(Function function = {}) : function_(function) {}

  [[nodiscard]] std::string describe() const override { return function_.name(); }
  [[nodiscard]] LayerShape shape(Index below) const override;
  void forward(ConstRef z, Ref y, Phase phase) override;
  /// below = from_above ⊙ f'(z).
  void backward(ConstRef z, ConstRef y, ConstRef from_above, Phase phase, Ref below) override;

 private:
  Function function_;
};

struct IdentityFunction {
  [[nodiscard]] std::string name() const { return "identity"; }
  [[nodiscard]] Scalar value(Scalar z) const { return z; }
  [[nodiscard]] Scalar slope(Scalar, Scalar) const { return 1; }
};

struct TanhFunction {
  [[nodiscard]] std::string name() const { return "tanh"; }
  [[nodiscard]] Scalar value(Scalar z) const { return std::tanh(z); }
  void values(const Scalar* z, Scalar* y, Index count) const { tanh(z, y, count); }
  [[nodiscard]] Scalar slope(Scalar, Scalar y) const { return 1 - y * y; }
  void errors(const Scalar*, const Scalar* y, const Scalar* from_above, Scalar* below, Index count) const {
    times_tanh_slope(y, from_above, below, count);
  }
};

struct SigmoidFunction {
  [[nodiscard]] std::string name() const { return "sigmoid"; }
  /// 1/(1 + e^-z): at large negative z the exponential overflows to infinity and y becomes 0, as it should.
  [[nodiscard]] Scalar value(Scalar z) const { return 1 / (1 + std::exp(-z)); }
  void values(const Scalar* z, Scalar* y, Index count) const { sigmoid(z, y, count); }
  [[nodiscard]] Scalar slope(Scalar, Scalar y) const { return y * (1 - y); }
};

/// max(0, z); the slope at 0 is 0. Not a number stays not a number.
struct ReluFunction {
  [[nodiscard]] std::string name() const { return "relu"; }
  [[nodiscard]] Scalar value(Scalar z) const { return z < 0 ? Scalar{0} : z; }
  [[nodiscard]] Scalar slope(Scalar z, Scalar) const { return z > 0 ? Scalar{1} : Scalar{0}; }
  void errors(const Scalar* z, const Scalar*, const Scalar* from_above, Scalar* below, Index count) const {
    keep_where_positive(z, from_above, below, count);
  }
};

/// z where z > 0, else negative_slope·z.
struct LeakyReluFunction {
  Scalar negative_slope = Scalar(0.01);
  /// "leaky_relu:slope=0.1", as `make_activation` takes it; without the slope where that is 0.01.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] Scalar value(Scalar z) const { return z > 0 ? z : negative_slope * z; }
  [[nodiscard]] Scalar slope(Scalar z, Scalar) const { return z > 0 ? Scalar{1} : negative_slope; }
};

/// log(1 + e^z), without overflow.
struct SoftplusFunction {
  [[nodiscard]] std::string name() const { return "softplus"; }
  [[nodiscard]] Scalar value(Scalar z) const {
    return (z > 0 ? z : Scalar{0}) + std::log1p(std::exp(-std::abs(z)));
  }
  void values(const Scalar* z, Scalar* y, Index count) const { softplus(z, y, count); }
  [[nodiscard]] Scalar slope(Scalar z, Scalar) const { return 1 / (1 + std::exp(-z)); }
  void errors(const Scalar* z, const Scalar*, const Scalar* from_above, Scalar* below, Index count) const {
    times_sigmoid(z, from_above, below, count);
  }
};

/// z·Φ(z), with the normal distribution's exact Φ (Hendrycks and Gimpel, 2016).
struct GeluFunction {
  [[nodiscard]] std::string name() const { return "gelu"; }
  [[nodiscard]] Scalar value(Scalar z) const { return z * probability(z); }
  void values(const Scalar* z, Scalar* y, Index count) const { gelu(z, y, count); }
  [[nodiscard]] Scalar slope(Scalar z, Scalar) const {
    constexpr auto inverse_root_two_pi = Scalar(0.39894228040143267794);
    return probability(z) + z * inverse_root_two_pi * std::exp(-z * z / 2);
  }
  void errors(const Scalar* z, const Scalar*, const Scalar* from_above, Scalar* below, Index count) const {
    times_gelu_slope(z, from_above, below, count);
  }

 private:
  [[nodiscard]] static Scalar probability(Scalar z) {
    constexpr auto inverse_root_two = Scalar(0.70710678118654752440);
    return std::erfc(-z * inverse_root_two) / 2;
  }
};

using Identity = Activation<IdentityFunction>;
using Tanh = Activation<TanhFunction>;
using Sigmoid = Activation<SigmoidFunction>;
using Relu = Activation<ReluFunction>;
using LeakyRelu = Activation<LeakyReluFunction>;
using Softplus = Activation<SoftplusFunction>;
using Gelu = Activation<GeluFunction>;

/// Makes an activation from the parameters of a text such as "leaky_relu:slope=0.1".
using ActivationFactory = std::function<std::unique_ptr<Layer>(Spec&)>;

/// By name: "tanh", "leaky_relu:slope=0.1"; throws std::invalid_argument that lists the nearest names.
std::unique_ptr<Layer> make_activation(std::string_view text);

/// Gives a name to an activation of the user's own, an Activation of a function or any layer with as many
/// outputs as inputs; `meaning` is a few words on it for whoever asks for help. Throws std::invalid_argument
/// when the name is taken or no name, see `check_name`.
void register_activation(const std::string& name, ActivationFactory factory, std::string meaning = "");

/// The text that all spellings of the same parameters share, see Spec. Throws as `make_activation`.
std::string canonical_activation(std::string_view text);

std::vector<std::string> activation_names();
/// What a text such as "help" or "leaky_relu:help" asks to know, see `spec_help`.
std::optional<std::string> activation_help(std::string_view text);

namespace detail {

/// Throws std::invalid_argument: an activation takes its width from the layer below it.
[[noreturn]] void refuse_at_bottom(const std::string& name);
/// Throws std::invalid_argument.
[[noreturn]] void refuse_shape(const char* what, Index rows, Index cols, ConstRef z);

/// Throws std::invalid_argument unless the matrix is of z's shape.
template <class Columns>
void check_like(ConstRef z, const char* what, const Columns& matrix) {
  if (matrix.rows() != z.rows() || matrix.cols() != z.cols())
    refuse_shape(what, matrix.rows(), matrix.cols(), z);
}

}  // namespace detail

template <class Function>
LayerShape Activation<Function>::shape(Index below) const {
  if (below == 0) detail::refuse_at_bottom(describe());
  return {.inputs = below, .outputs = below};
}

template <class Function>
void Activation<Function>::forward(ConstRef z, Ref y, Phase) {
  detail::check_like(z, "y", y);
  const bool gapless = soap::gapless(z) && soap::gapless(y);
  if constexpr (requires { function_.values(z.data(), y.data(), z.size()); }) {
    // Such a loop does several elements at a time.
    for_each_run(z, gapless, z.size() / 4, [&](Index col, Index count) {
      function_.values(z.col(col).data(), y.col(col).data(), count);
    });
  } else {
    for_each_run(z, gapless, z.size(), [&](Index col, Index count) {
      const Scalar* in = z.col(col).data();
      Scalar* out = y.col(col).data();
      for (Index i = 0; i < count; ++i) out[i] = function_.value(in[i]);
    });
  }
}

template <class Function>
void Activation<Function>::backward(ConstRef z, ConstRef y, ConstRef from_above, Phase, Ref below) {
  detail::check_like(z, "y", y);
  detail::check_like(z, "from_above", from_above);
  detail::check_like(z, "below", below);
  const bool gapless =
      soap::gapless(z) && soap::gapless(y) && soap::gapless(from_above) && soap::gapless(below);
  for_each_run(z, gapless, z.size(), [&](Index col, Index count) {
    const Scalar* in = z.col(col).data();
    const Scalar* out = y.col(col).data();
    const Scalar* above = from_above.col(col).data();
    Scalar* error = below.col(col).data();
    if constexpr (requires { function_.errors(in, out, above, error, count); }) {
      function_.errors(in, out, above, error, count);
    } else {
      for (Index i = 0; i < count; ++i) error[i] = above[i] * function_.slope(in[i], out[i]);
    }
  });
}

}  // namespace SOAP_ABI
}  // namespace soap
