// The values that a flag of a sweep stands for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

/// "0.01,0.1": these; "log:1e-3:1:7": 7 numbers from 0.001 to 1 a constant factor apart, "lin:0:0.9:4": a
/// constant step apart, both rounded to 3 digits. Throws std::invalid_argument, with the flag's name, for a
/// range that is not one and for a value that comes twice.
std::vector<std::string> parse_values(const std::string& flag, std::string_view text);

/// The next value beyond the first, or the last, of ascending numbers, as far from it as its neighbor in
/// ratio; rounded to 3 digits. There must be two, above 0.
double below_grid(const std::vector<double>& ascending);
double above_grid(const std::vector<double>& ascending);

}  // namespace soap::inline SOAP_ABI
