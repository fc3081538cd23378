#include "soap/experiment/censored.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

std::optional<double> censored_quantile(std::span<const CensoredTime> times, double share) {
  if (!(share > 0 && share < 1)) {
    throw std::invalid_argument("censored quantile: found a share of " + to_text(share) +
                                ", expected one between 0 and 1");
  }
  std::vector<CensoredTime> sorted(times.begin(), times.end());
  for (const CensoredTime& time : sorted) {
    if (std::isnan(time.time)) throw std::invalid_argument("censored quantile: found a time of nan");
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const CensoredTime& a, const CensoredTime& b) { return a.time < b.time; });
  // A product of (k-1)/k strays from a plain fraction by rounding only.
  constexpr double rounding = 1e-12;
  double waiting = 1;  // share of runs to which it has not happened yet
  std::optional<double> met;
  for (std::size_t i = 0; i < sorted.size();) {
    const double time = sorted[i].time;
    const auto at_risk = static_cast<double>(sorted.size() - i);
    double happened = 0;
    for (; i < sorted.size() && sorted[i].time == time; ++i) happened += sorted[i].happened ? 1 : 0;
    if (happened == 0) continue;
    if (met) return (*met + time) / 2;
    waiting *= 1 - happened / at_risk;
    if (waiting < 1 - share - rounding) return time;
    if (waiting <= 1 - share + rounding) met = time;
  }
  return std::nullopt;
}

}  // namespace soap::inline SOAP_ABI
