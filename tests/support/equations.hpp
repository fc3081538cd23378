// What a paper's equations are written out with: a few examples, one a column, and layers of tanh.
#pragma once

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline constexpr Index few_examples = 5;

inline Matrix tanh_of(const Matrix& z) { return z.array().tanh(); }

inline Matrix affine(const Matrix& W, const Matrix& b, const Matrix& x) {
  return (W * x).colwise() + b.col(0);
}

}  // namespace SOAP_ABI
}  // namespace soap
