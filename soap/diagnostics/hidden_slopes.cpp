#include "soap/diagnostics/hidden_slopes.hpp"

#include <utility>
#include <vector>

namespace soap {
inline namespace SOAP_ABI {

Matrix hidden_slopes(Network& network, std::size_t l, std::size_t top, ConstRef z) {
  std::vector<Matrix> activity = {z};
  for (std::size_t i = l + 1; i <= top; ++i) {
    Matrix y(network.layer_shape(i).outputs, z.cols());
    network.layer(i).forward(activity.back(), y, Phase::evaluation);
    activity.push_back(std::move(y));
  }
  Matrix error = Matrix::Ones(activity.back().rows(), z.cols());
  for (std::size_t i = top; i > l; --i) {
    Matrix below(network.layer_shape(i).inputs, z.cols());
    network.layer(i).backward(activity[i - l - 1], activity[i - l], error, Phase::evaluation, below);
    error = std::move(below);
  }
  return error;
}

double largest_hidden_slope(Network& network, std::size_t l, std::size_t top) {
  constexpr double range = 8;
  constexpr double step = 0.125;
  constexpr auto count = static_cast<Index>(2 * range / step) + 1;
  Matrix z(network.layer_shape(l).outputs, count);
  for (Index j = 0; j < count; ++j)
    z.col(j).setConstant(static_cast<Scalar>(static_cast<double>(j) * step - range));
  return static_cast<double>(hidden_slopes(network, l, top, z).cwiseAbs().maxCoeff());
}

}  // namespace SOAP_ABI
}  // namespace soap
