// The frozen reference figures in tests/reference/golden.json: PyTorch 1.13 in double precision.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "soap/linalg/matrix.hpp"

#include "tests/support/reference_file.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// How near the build must come to the figures.
inline constexpr double golden_tolerance = sizeof(Scalar) == sizeof(double) ? 1e-10 : 1e-4;

inline const nlohmann::json& golden() {
  static const nlohmann::json figures = [] {
    std::ifstream file(reference_file("golden.json"));
    return nlohmann::json::parse(file);
  }();
  return figures;
}

/// A row-major array of the file as it stands: rows x cols; a vector becomes one column.
inline Matrix golden_matrix(const nlohmann::json& array) {
  const auto shape = array.at("shape").get<std::vector<Index>>();
  const auto data = array.at("data").get<std::vector<double>>();
  const Index cols = shape.size() > 1 ? shape[1] : 1;
  Matrix result(shape[0], cols);
  for (Index i = 0; i < result.rows(); ++i) {
    for (Index j = 0; j < cols; ++j)
      result(i, j) = static_cast<Scalar>(data[static_cast<std::size_t>(i * cols + j)]);
  }
  return result;
}

/// A batch of the file, (batch, features), as features x batch. A stored feedback matrix, out x in, likewise
/// becomes B, in x out.
inline Matrix golden_transposed(const nlohmann::json& array) { return golden_matrix(array).transpose(); }

}  // namespace SOAP_ABI
}  // namespace soap
