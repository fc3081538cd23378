#include "soap/statistics/censored.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "soap/statistics/checks.hpp"
#include "soap/statistics/distributions.hpp"

namespace soap {

std::optional<double> censored_quantile(std::span<const CensoredTime> times, double share) {
  detail::check_share("censored quantile", "a share of", share);
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

std::optional<Interval> censored_median_interval(std::span<const CensoredTime> times, double level) {
  detail::check_share("interval of a median", "level", level);
  std::vector<double> earliest;
  std::vector<double> latest;
  for (const CensoredTime& time : times) {
    if (std::isnan(time.time)) throw std::invalid_argument("interval of a median: found a time of nan");
    earliest.push_back(time.time);
    latest.push_back(time.happened ? time.time : std::numeric_limits<double>::infinity());
  }
  const auto runs = static_cast<double>(times.size());
  // The chance that the median lies before the run of a place, counted from 0.
  const auto before = [&](std::size_t place) {
    const auto k = static_cast<double>(place);
    return regularized_beta(0.5, runs - k, k + 1);
  };
  std::size_t place = 0;
  while (place < times.size() && before(place) <= (1 - level) / 2) ++place;
  if (place == 0) return std::nullopt;
  std::sort(earliest.begin(), earliest.end());
  std::sort(latest.begin(), latest.end());
  return Interval{.low = earliest[place - 1], .high = latest[times.size() - place]};
}

}  // namespace soap
