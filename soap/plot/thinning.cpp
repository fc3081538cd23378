#include "soap/plot/thinning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace soap::inline SOAP_ABI {

namespace {

// Positions of the points of one column that are kept, ascending; some may be the same.
std::array<std::size_t, 5> kept(const SampledCurve& curve, std::size_t first, std::size_t last) {
  std::size_t lowest = first;
  std::size_t highest = first;
  std::size_t broken = first;
  for (std::size_t i = first; i <= last; ++i) {
    if (!std::isfinite(curve.y[i])) {
      broken = i;
      continue;
    }
    if (curve.y[i] < curve.y[lowest] || !std::isfinite(curve.y[lowest])) lowest = i;
    if (curve.y[i] > curve.y[highest] || !std::isfinite(curve.y[highest])) highest = i;
  }
  std::array<std::size_t, 5> places{first, lowest, highest, broken, last};
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace

SampledCurve thinned(SampledCurve curve, std::size_t columns) {
  constexpr std::size_t most_a_column = 5;
  const std::size_t points = curve.x.size();
  if (points <= most_a_column * columns) return curve;
  const double start = curve.x.front();
  const double width = (curve.x.back() - start) / static_cast<double>(columns);
  const auto column = [&](std::size_t i) { return std::floor((curve.x[i] - start) / width); };
  SampledCurve few;
  for (std::size_t first = 0; first < points;) {
    std::size_t last = first;
    while (last + 1 < points && column(last + 1) == column(first)) ++last;
    std::size_t next = first;
    for (const std::size_t place : kept(curve, first, last)) {
      if (place < next) continue;
      few.x.push_back(curve.x[place]);
      few.y.push_back(curve.y[place]);
      next = place + 1;
    }
    first = last + 1;
  }
  return few;
}

}  // namespace soap::inline SOAP_ABI
