#include "soap/linalg/initializer.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

void fill_normal(double deviation, Rng& rng, Ref values) {
  for (Index j = 0; j < values.cols(); ++j) {
    for (Index i = 0; i < values.rows(); ++i) values(i, j) = static_cast<Scalar>(deviation * rng.normal());
  }
}

void fill_uniform(double bound, Rng& rng, Ref values) {
  for (Index j = 0; j < values.cols(); ++j) {
    for (Index i = 0; i < values.rows(); ++i) values(i, j) = static_cast<Scalar>(rng.uniform(-bound, bound));
  }
}

}  // namespace

void draw(Initializer initializer, Index fan_in, Index fan_out, Rng& rng, Ref values) {
  const auto in = static_cast<double>(fan_in);
  const auto both = static_cast<double>(fan_in + fan_out);
  switch (initializer) {
    case Initializer::xavier_normal:
      return fill_normal(std::sqrt(2 / both), rng, values);
    case Initializer::xavier_uniform:
      return fill_uniform(std::sqrt(6 / both), rng, values);
    case Initializer::kaiming_normal:
      return fill_normal(std::sqrt(2 / in), rng, values);
    case Initializer::kaiming_uniform:
      return fill_uniform(std::sqrt(6 / in), rng, values);
    case Initializer::pytorch_linear:
      return fill_uniform(1 / std::sqrt(in), rng, values);
  }
}

void draw_bias(Initializer initializer, Index fan_in, Rng& rng, Ref bias) {
  if (initializer == Initializer::pytorch_linear) {
    fill_uniform(1 / std::sqrt(static_cast<double>(fan_in)), rng, bias);
  } else {
    bias.setZero();
  }
}

const std::vector<std::string>& initializer_names() {
  static const std::vector<std::string> names = {"xavier_normal", "xavier_uniform", "kaiming_normal",
                                                 "kaiming_uniform", "pytorch_linear"};
  return names;
}

Initializer initializer_by_name(std::string_view name) {
  const auto& names = initializer_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw std::invalid_argument(unknown_name("initializer", name, names));
  return static_cast<Initializer>(found - names.begin());
}

}  // namespace soap::inline SOAP_ABI
