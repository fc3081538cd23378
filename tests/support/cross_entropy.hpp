// The loss that classifiers are trained with.
#pragma once

#include "soap/nn/loss.hpp"

namespace soap::inline SOAP_ABI {

inline const SoftmaxCrossEntropy cross_entropy;

}  // namespace soap::inline SOAP_ABI
