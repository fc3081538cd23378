// The values that a flag of a sweep stands for.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// To 3 digits, so that values have names that people can type.
double to_three_digits(double value);

/// The text that all spellings of a value share; throws std::invalid_argument for a text that is none.
using CanonicalText = std::function<std::string(const std::string& spelling)>;

/// The values of a flag in their canonical form. Throws std::invalid_argument, with the flag's name and both
/// spellings, where two are the same value.
std::vector<std::string> distinct_values(const std::string& flag, std::vector<std::string> spellings,
                                         const CanonicalText& canonical);

/// "0.01,0.1": these; "log:1e-3:1:7": 7 numbers from 0.001 to 1 a constant factor apart, "lin:0:0.9:4": a
/// constant step apart; the numbers between the ends rounded to 3 digits. Throws std::invalid_argument, with
/// the flag's name, for a range that is not one or whose values are not different.
std::vector<std::string> parse_values(const std::string& flag, std::string_view text);

/// The next value beyond the first, or the last, of ascending numbers, as far from it as its neighbor in
/// ratio; rounded to 3 digits. Throws std::invalid_argument unless there are two or more, above 0.
double below_grid(const std::vector<double>& ascending);
double above_grid(const std::vector<double>& ascending);

}  // namespace SOAP_ABI
}  // namespace soap
