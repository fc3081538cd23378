// The parameters of networks, and how they are compared.
#pragma once

#include <string_view>
#include <vector>

#include "soap/nn/network.hpp"

#include "tests/support/matrices.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline std::vector<Matrix> parameters_of(Network& network) {
  std::vector<Matrix> values;
  network.visit_parameters([&](Parameter parameter) { values.emplace_back(parameter.value); });
  return values;
}

inline bool same_bits(const std::vector<Matrix>& a, const std::vector<Matrix>& b) {
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) same = same_bits(a[i], b[i]);
  return same;
}

inline bool same_parameters(Network& a, Network& b) { return same_bits(parameters_of(a), parameters_of(b)); }

}  // namespace SOAP_ABI
}  // namespace soap
