// Figures about several runs of one kind.
#pragma once

#include <span>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

struct MeanAndDeviation {
  double mean;
  double deviation;  ///< standard deviation of the sample, with n - 1; 0 for one value
};

/// Throws std::invalid_argument when there are no values.
MeanAndDeviation mean_and_deviation(std::span<const double> values);

}  // namespace soap::inline SOAP_ABI
