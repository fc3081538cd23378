// A number above all others, under a short name.
#pragma once

#include <limits>

namespace test {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace test
