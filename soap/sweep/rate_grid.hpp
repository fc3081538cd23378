// The learning rates of a sweep, and how they grow where a best one lies at their edge.
#pragma once

#include <vector>

#include "soap/sweep/selection.hpp"
#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Rates that all methods have, or, relative to each trial's usual rate, have alike.
class RateGrid {
 public:
  /// `relative`: a rate is meant for trials whose usual rate is that of backpropagation, and for others
  /// stands to their usual rate as it does to that one's.
  explicit RateGrid(bool relative = false) : relative_(relative) {}

  /// Throws std::invalid_argument unless it is finite and above 0.
  void add(double rate);
  [[nodiscard]] const std::vector<double>& rates() const { return rates_; }  ///< ascending, each once
  /// What a rate of the grid is for a trial, to 3 digits where it is another.
  [[nodiscard]] double rate_for(double rate, const TrialOptions& trial) const;

  /// Widens the grid at each end at which a method's best rate lies, for all trials alike, so that methods
  /// keep as many; adds the trials. Returns whether there was anything to widen: not beyond what a Scalar
  /// holds. Throws std::invalid_argument for fewer than two rates.
  bool extend(std::vector<TrialSetting>& trials, const std::vector<Selection>& selections);

 private:
  bool widen(std::vector<TrialSetting>& trials, bool below);

  bool relative_;
  std::vector<double> rates_;
};

/// Whether a method's best setting lies at this edge.
bool any_at_edge(const std::vector<Selection>& selections, const Edge& edge);

}  // namespace SOAP_ABI
}  // namespace soap
