// All loops of one instruction set.
#pragma once

#include "soap/linalg/kernels/elementwise.hpp"
#include "soap/linalg/kernels/gelu.hpp"
#include "soap/linalg/kernels/product.hpp"
#include "soap/linalg/kernels/random_numbers.hpp"
#include "soap/linalg/kernels/row_sums.hpp"
#include "soap/linalg/kernels/softplus.hpp"
#include "soap/linalg/kernels/updates.hpp"

namespace soap {
inline namespace SOAP_ABI {

template <class Machine>
constexpr Kernels kernels_of(const char* isa) {
  return {
      .isa = isa,
      .lanes = lanes_of<Machine>,
      .tile_cols = Machine::tile_cols,
      .scratch = ProductKernel<Machine>::scratch,
      .multiply = ProductKernel<Machine>::multiply,
      .add_row_sums = add_row_sums<Machine>,
      .add_scaled = UpdateKernel<Machine>::add_scaled,
      .exp = ElementwiseKernel<Machine>::exp,
      .tanh = ElementwiseKernel<Machine>::tanh,
      .sigmoid = ElementwiseKernel<Machine>::sigmoid,
      .softplus = SoftplusKernel<Machine>::softplus,
      .times_sigmoid = SoftplusKernel<Machine>::times_sigmoid,
      .gelu = GeluKernel<Machine>::gelu,
      .times_gelu_slope = GeluKernel<Machine>::times_gelu_slope,
      .times_tanh_slope = ElementwiseKernel<Machine>::times_tanh_slope,
      .keep_where_positive = ElementwiseKernel<Machine>::keep_where_positive,
      .signed_size = ElementwiseKernel<Machine>::signed_size,
      .signed_sizes = ElementwiseKernel<Machine>::signed_sizes,
      .normal_numbers = RandomNumbersKernel<Machine>::normal_numbers,
      .uniform_numbers = RandomNumbersKernel<Machine>::uniform_numbers,
      .momentum = UpdateKernel<Machine>::momentum,
      .nesterov = UpdateKernel<Machine>::nesterov,
      .manhattan = UpdateKernel<Machine>::manhattan,
      .adam = UpdateKernel<Machine>::adam,
      .rmsprop = UpdateKernel<Machine>::rmsprop,
  };
}

}  // namespace SOAP_ABI
}  // namespace soap
