// The laws of the house for layers, for the tests of whoever writes one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "soap/nn/layer.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace testing {

/// The laws that a layer of `inputs` inputs breaks, one sentence each, with the first place where it does;
/// none when it obeys them all. `make` makes the layer; it is called several times and must make the same
/// each time.
///
///     for (const auto& law : broken_layer_laws([] { return std::make_unique<MyLayer>(5, 3); }, 5))
///       std::cerr << law << '\n';
///
/// - has the shape that it was asked for, and the same values from the same seed;
/// - writes all of its output and of the error below, the same bits on any number of threads;
/// - sends down, and shows, the derivatives of what it computes, for inputs and for every parameter: compared
///   with finite differences, closely only in the double library, soap_f64;
/// - shows a gradient for each parameter, in the same order;
/// - shows its whole state: a new one that is given the parameters and the state computes the same bits.
///
/// For layers whose forward pass is the same function at each call: not for one that draws random numbers in
/// training. A layer that crosses a rule's feedback is initialized as one above others, under the rule it
/// has; its error is compared where that rule is "bp".
std::vector<std::string> broken_layer_laws(const std::function<std::unique_ptr<Layer>()>& make, Index inputs);

}  // namespace testing

}  // namespace SOAP_ABI
}  // namespace soap
