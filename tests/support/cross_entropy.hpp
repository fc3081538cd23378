// The loss that classifiers are trained with.
#pragma once

#include "soap/nn/loss.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline const SoftmaxCrossEntropy cross_entropy;

}  // namespace SOAP_ABI
}  // namespace soap
