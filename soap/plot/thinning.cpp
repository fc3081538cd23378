#include "soap/plot/thinning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr std::size_t most_a_column = 7;

// The lowest and the highest of the finite values from `first` to `last`; `first` where none is finite.
std::array<std::size_t, 2> extremes(const std::vector<double>& values, std::size_t first, std::size_t last) {
  std::size_t lowest = first;
  std::size_t highest = first;
  for (std::size_t i = first; i <= last; ++i) {
    if (!std::isfinite(values[i])) continue;
    if (values[i] < values[lowest] || !std::isfinite(values[lowest])) lowest = i;
    if (values[i] > values[highest] || !std::isfinite(values[highest])) highest = i;
  }
  return {lowest, highest};
}

// Positions of the points of one column that are kept, ascending; some may be the same.
std::array<std::size_t, most_a_column> kept(const Series& line, std::size_t first, std::size_t last) {
  std::size_t broken = first;
  for (std::size_t i = first; i <= last; ++i) {
    if (!std::isfinite(line.y[i])) broken = i;
  }
  const auto [lowest, highest] = extremes(line.y, first, last);
  const std::size_t band_lowest = line.band_low.empty() ? first : extremes(line.band_low, first, last)[0];
  const std::size_t band_highest = line.band_high.empty() ? first : extremes(line.band_high, first, last)[1];
  std::array places{first, lowest, highest, band_lowest, band_highest, broken, last};
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace

Series thinned(Series line, std::size_t columns) {
  const std::size_t points = line.x.size();
  if (points <= most_a_column * columns) return line;
  const double start = line.x.front();
  const double width = (line.x.back() - start) / static_cast<double>(columns);
  const auto column = [&](std::size_t i) { return std::floor((line.x[i] - start) / width); };
  std::vector<std::size_t> places;
  for (std::size_t first = 0; first < points;) {
    std::size_t last = first;
    while (last + 1 < points && column(last + 1) == column(first)) ++last;
    const auto of_column = kept(line, first, last);
    places.insert(places.end(), of_column.begin(), of_column.end());
    first = last + 1;
  }
  places.erase(std::unique(places.begin(), places.end()), places.end());
  for (std::vector<double>* values : {&line.x, &line.y, &line.band_low, &line.band_high}) {
    if (values->empty()) continue;
    std::vector<double> few;
    few.reserve(places.size());
    for (const std::size_t place : places) few.push_back((*values)[place]);
    *values = std::move(few);
  }
  return line;
}

}  // namespace SOAP_ABI
}  // namespace soap
