// Where something ends that holds up to a point.
#pragma once

#include <cmath>

namespace soap {

/// Of the points between `in`, where `holds`, and `out`, where it does not, the last one where it does, to
/// within `nearness` and rounding. `in` may lie above `out`.
template <class Holds>
double boundary(double in, double out, const Holds& holds, double nearness = 0) {
  while (std::abs(out - in) > nearness) {
    const double middle = in + (out - in) / 2;
    if (middle == in || middle == out) break;
    (holds(middle) ? in : out) = middle;
  }
  return in;
}

}  // namespace soap
