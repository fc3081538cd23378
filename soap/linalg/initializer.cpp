#include "soap/linalg/initializer.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "soap/base/spec_help.hpp"
#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

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

// In the order of the enumerators.
const std::vector<SpecName>& entries() {
  const auto takes_nothing = [](Spec&) {};
  static const std::vector<SpecName> all = {
      {"xavier_normal", "normal, of variance 2/(fan_in + fan_out)", takes_nothing},
      {"xavier_uniform", "uniform, within sqrt(6/(fan_in + fan_out)) of 0", takes_nothing},
      {"kaiming_normal", "normal, of variance 2/fan_in", takes_nothing},
      {"kaiming_uniform", "uniform, within sqrt(6/fan_in) of 0", takes_nothing},
      {"pytorch_linear", "uniform, within 1/sqrt(fan_in) of 0, biases too: as PyTorch's nn.Linear",
       takes_nothing},
  };
  return all;
}

}  // namespace

Spread spread(Initializer initializer, Index fan_in, Index fan_out) {
  const auto in = static_cast<double>(fan_in);
  const auto both = static_cast<double>(fan_in + fan_out);
  switch (initializer) {
    case Initializer::xavier_normal:
      return {.normal = true, .size = std::sqrt(2 / both)};
    case Initializer::xavier_uniform:
      return {.normal = false, .size = std::sqrt(6 / both)};
    case Initializer::kaiming_normal:
      return {.normal = true, .size = std::sqrt(2 / in)};
    case Initializer::kaiming_uniform:
      return {.normal = false, .size = std::sqrt(6 / in)};
    case Initializer::pytorch_linear:
      break;
  }
  return {.normal = false, .size = 1 / std::sqrt(in)};
}

void draw(Initializer initializer, Index fan_in, Index fan_out, Rng& rng, Ref values) {
  const auto [normal, size] = spread(initializer, fan_in, fan_out);
  if (normal) {
    fill_normal(size, rng, values);
  } else {
    fill_uniform(size, rng, values);
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
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    all.reserve(entries().size());
    for (const SpecName& entry : entries()) all.push_back(entry.name);
    return all;
  }();
  return names;
}

std::optional<std::string> initializer_help(std::string_view text) {
  return spec_help("initializer", entries(), text);
}

Initializer initializer_by_name(std::string_view name) {
  const auto& names = initializer_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw std::invalid_argument(unknown_name("initializer", name, names));
  return static_cast<Initializer>(found - names.begin());
}

Initializer take_initializer(Spec& spec, Initializer fallback, std::string_view meaning) {
  const auto& names = initializer_names();
  return static_cast<Initializer>(
      spec.take_choice("init", names[static_cast<std::size_t>(fallback)], names, meaning));
}

}  // namespace SOAP_ABI
}  // namespace soap
