// A parameter's gradient before it is multiplied out.
#pragma once

#include <cstddef>
#include <string_view>

#include "soap/base/function_ref.hpp"
#include "soap/linalg/factor.hpp"
#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The gradient of the loss at one parameter, kept as its factors: dW = delta·xᵀ for weights, db = delta·1
/// for a bias. An optimizer adds it straight into the matrix it updates, without storing the gradient in
/// between; whoever wants the matrix itself calls `accumulate(1, 0, matrix)`. The factors are views: valid
/// until the next forward or backward pass.
class Gradient {
 public:
  /// delta: out x batch, x: in x batch; the gradient is out x in.
  static Gradient outer(ConstRef delta, ConstRef x) { return {delta, x, false}; }
  /// delta: out x batch; the gradient is out x 1, the sums of the rows.
  static Gradient row_sums(ConstRef delta) { return {delta, delta, true}; }

  /// in x out, for the matrix that stands in the place of Wᵀ.
  [[nodiscard]] Gradient transposed() const { return {x_, delta_, false}; }

  /// target = alpha·gradient + beta·target. With beta = 0 what target held does not matter.
  void accumulate(Scalar alpha, Scalar beta, Ref target) const;

 private:
  Gradient(const Factor& delta, const Factor& x, bool sums) : delta_(delta), x_(x), sums_(sums) {}

  Factor delta_;
  Factor x_;
  bool sums_;
};

/// A matrix that training changes; pass it by value.
struct Parameter {
  std::string_view name;
  Ref value;
  std::size_t layer = 0;  ///< of the network that shows it
};

/// Is shown parameters, and the matrices of parameters with their gradients.
using ParameterVisitor = FunctionRef<void(Parameter parameter)>;
using GradientVisitor = FunctionRef<void(Ref value, const Gradient& gradient)>;

}  // namespace SOAP_ABI
}  // namespace soap
