// Checks of what a caller hands over, which throw std::invalid_argument.
#pragma once

#include <span>
#include <string_view>

namespace soap::detail {

/// Between 0 and 1, neither of which it is: "WHO: found NAME 2, expected one between 0 and 1".
void check_share(std::string_view who, std::string_view name, double share);
/// "WHO: found NAME inf, expected finite ones".
void check_finite(std::string_view who, std::string_view name, std::span<const double> values);
/// Infinity is a number: what is sorted and compared alone may be that. "WHO: found NAME nan, expected
/// numbers".
void check_numbers(std::string_view who, std::string_view name, std::span<const double> values);
/// "WHO: found 0 degrees of freedom, expected at least 1".
void check_degrees(std::string_view who, double degrees);

}  // namespace soap::detail
