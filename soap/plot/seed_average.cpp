#include "soap/plot/seed_average.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Follows one curve through ascending x.
class Walker {
 public:
  explicit Walker(const SampledCurve& curve) : curve_(&curve) {}

  // NaN before the first sample and after the last; between samples, on the straight line.
  double at(double x) {
    const auto& xs = curve_->x;
    while (sample_ < xs.size() && xs[sample_] < x) ++sample_;
    if (sample_ == xs.size()) return gap;
    if (xs[sample_] == x) return curve_->y[sample_];
    if (sample_ == 0) return gap;
    const double before = xs[sample_ - 1];
    const double share = (x - before) / (xs[sample_] - before);
    return curve_->y[sample_ - 1] + share * (curve_->y[sample_] - curve_->y[sample_ - 1]);
  }

 private:
  const SampledCurve* curve_;
  std::size_t sample_ = 0;
};

bool all_alike(std::span<const RunLabel> runs, auto property) {
  return std::all_of(runs.begin(), runs.end(),
                     [&](const RunLabel& run) { return run.*property == runs.front().*property; });
}

}  // namespace

Series average_over_seeds(std::span<const SampledCurve> curves) {
  Series series;
  std::vector<double>& places = series.x;
  std::vector<Walker> walkers;
  for (const SampledCurve& curve : curves) {
    places.insert(places.end(), curve.x.begin(), curve.x.end());
    walkers.emplace_back(curve);
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  const bool band = curves.size() > 1;
  series.y.reserve(places.size());
  if (band) series.band_low.reserve(places.size());
  if (band) series.band_high.reserve(places.size());
  for (const double x : places) {
    double sum = 0;
    int count = 0;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (Walker& walker : walkers) {
      const double value = walker.at(x);
      if (!std::isfinite(value)) continue;  // before the run's start, after its end, or diverged
      sum += value;
      ++count;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    series.y.push_back(count > 0 ? sum / count : gap);
    if (band) series.band_low.push_back(count > 0 ? low : gap);
    if (band) series.band_high.push_back(count > 0 ? high : gap);
  }
  return series;
}

bool differ_in_seed_only(const RunLabel& a, const RunLabel& b) {
  return a.rule == b.rule && a.step_kind == b.step_kind && a.lr == b.lr;
}

std::string line_name(const RunLabel& run, std::span<const RunLabel> runs) {
  std::string name = run.rule;
  // A rule that is a step by itself has one name for both.
  const auto is_step = [](const RunLabel& label) { return label.step_kind == label.rule; };
  const auto other = std::find_if_not(runs.begin(), runs.end(), is_step);
  const bool several_steps = std::any_of(runs.begin(), runs.end(), [&](const RunLabel& label) {
    return !is_step(label) && label.step_kind != other->step_kind;
  });
  if (several_steps && !is_step(run)) name += ", " + run.step_kind;
  if (!all_alike(runs, &RunLabel::lr)) name += ", lr " + to_text(run.lr);
  return name;
}

}  // namespace SOAP_ABI
}  // namespace soap
