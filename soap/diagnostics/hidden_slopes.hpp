// The slopes of the activations between two weighted layers.
#pragma once

#include <cstddef>

#include "soap/nn/network.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What layers l + 1 ... top make of an error of ones at the output of layer `top`, when the output of layer
/// l is z, units x batch: f'(z) where they are one element-wise activation, ones where there is none (top =
/// l).
Matrix hidden_slopes(Network& network, std::size_t l, std::size_t top, ConstRef z);

/// The largest |slope| of those layers over inputs from -8 to 8, in steps of 1/8, the same for all units.
double largest_hidden_slope(Network& network, std::size_t l, std::size_t top);

}  // namespace SOAP_ABI
}  // namespace soap
