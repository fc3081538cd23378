#include "soap/sweep/rate_grid.hpp"

#include <algorithm>
#include <utility>

#include "soap/base/check.hpp"
#include "soap/sweep/grid.hpp"
#include "soap/trial/method.hpp"

namespace soap {
inline namespace SOAP_ABI {

void RateGrid::add(double rate) {
  check_positive("grid of learning rates", "rate", rate);
  const auto place = std::lower_bound(rates_.begin(), rates_.end(), rate);
  if (place == rates_.end() || *place != rate) rates_.insert(place, rate);
}

double RateGrid::rate_for(double rate, const TrialOptions& trial) const {
  if (!relative_) return rate;
  const double usual = usual_lr(trial);
  const double base = usual_lr(TrialOptions());
  return usual == base ? rate : to_three_digits(rate * (usual / base));
}

bool RateGrid::widen(std::vector<TrialSetting>& trials, bool below) {
  constexpr double most = 1e300;
  const double from = below ? rates_.front() : rates_.back();
  const double to = below ? below_grid(rates_) : above_grid(rates_);
  if (!(static_cast<Scalar>(to) > 0 && to <= most) || (below ? to >= from : to <= from)) return false;
  std::vector<TrialSetting> more;
  for (TrialSetting trial : trials) {
    if (trial.options.lr != rate_for(from, trial.options)) continue;
    trial.options.lr = rate_for(to, trial.options);
    more.push_back(std::move(trial));
  }
  trials.insert(trials.end(), more.begin(), more.end());
  add(to);
  return true;
}

bool RateGrid::extend(std::vector<TrialSetting>& trials, const std::vector<Selection>& selections) {
  bool widened = false;
  for (const bool highest : {false, true}) {
    if (any_at_edge(selections, {.name = "lr", .highest = highest})) widened |= widen(trials, !highest);
  }
  return widened;
}

bool any_at_edge(const std::vector<Selection>& selections, const Edge& edge) {
  return std::any_of(selections.begin(), selections.end(), [&](const Selection& selection) {
    return std::find(selection.edges.begin(), selection.edges.end(), edge) != selection.edges.end();
  });
}

}  // namespace SOAP_ABI
}  // namespace soap
