// Small helpers for messages and for names typed by a person.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The names nearest to a mistyped word by edit distance, best first, at most `most`.
std::vector<std::string> nearest_names(std::string_view word, std::span<const std::string> names,
                                       std::size_t most = 3);

/// "unknown KIND 'WORD' (nearest: a, b, c)", for an exception's text.
std::string unknown_name(std::string_view kind, std::string_view word, std::span<const std::string> names);

/// Splits at every separator; empty parts are kept, and an empty text gives one empty part.
std::vector<std::string> split(std::string_view text, char separator);

std::string join(std::span<const std::string> parts, std::string_view separator);

/// The shortest decimal that reads back as the same double; "nan", "inf" and "-inf" for the others.
std::string to_text(double value);

/// The shortest decimal that reads back as the same Scalar, in the same form: "0.2" where 0.2 is a float.
std::string scalar_text(Scalar value);

/// The smallest number above 0 that a Scalar holds, as short as it reads back: "1e-45" where that is a float.
std::string least_scalar();

/// With a fixed number of digits after the point.
std::string fixed(double value, int digits);

/// "1,234,567".
std::string with_thousands(std::int64_t count);

/// Reads a whole text as a number; throws std::invalid_argument "WHAT: found 'TEXT', expected a number".
double parse_number(std::string_view what, std::string_view text);
/// The same for an integer.
std::int64_t parse_integer(std::string_view what, std::string_view text);

}  // namespace SOAP_ABI
}  // namespace soap
