// Numbers of any size in few digits, for people to read.
#pragma once

#include <string>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// With so many significant digits: "0.02513", "2.303", "44.48"; "4.448e+07" and "2.513e-07" where zeros
/// would be in the way.
std::string significant(double value, int digits = 4);

/// "0.2513 ± 0.0027": so many digits of the larger of the two, and as many places of the other.
std::string significant_with_spread(double value, double spread, int digits = 4);

}  // namespace SOAP_ABI
}  // namespace soap
