// Random initial weights and feedback matrices.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/linalg/matrix.hpp"
#include "soap/linalg/random.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// How to draw the values of a matrix that leads from fan_in units to fan_out units.
enum class Initializer {
  xavier_normal,    ///< N(0, 2/(fan_in + fan_out)); Glorot and Bengio 2010, eq. 16
  xavier_uniform,   ///< U(±sqrt(6/(fan_in + fan_out))); the same, as a uniform
  kaiming_normal,   ///< N(0, 2/fan_in); He et al. 2015, eq. 10
  kaiming_uniform,  ///< U(±sqrt(6/fan_in)); the same variance
  pytorch_linear,   ///< U(±1/sqrt(fan_in)), and for biases too: the default of PyTorch's nn.Linear
};

/// Of the values: their standard deviation where they are normal, else they are uniform from -size to size.
struct Spread {
  bool normal;
  double size;
};
Spread spread(Initializer initializer, Index fan_in, Index fan_out);

/// Fills `values`, of any shape, in column-major order.
void draw(Initializer initializer, Index fan_in, Index fan_out, Rng& rng, Ref values);

/// Fills a bias: zeros, but U(±1/sqrt(fan_in)) for pytorch_linear.
void draw_bias(Initializer initializer, Index fan_in, Rng& rng, Ref bias);

/// The names of the enumerators above, in their order.
const std::vector<std::string>& initializer_names();

/// What a text such as "help" asks to know, see `spec_help`.
std::optional<std::string> initializer_help(std::string_view text);

/// By name; throws std::invalid_argument that lists the nearest names.
Initializer initializer_by_name(std::string_view name);

/// The parameter "init" of a text.
Initializer take_initializer(Spec& spec, Initializer fallback, std::string_view meaning);

}  // namespace SOAP_ABI
}  // namespace soap
