// The methods of a sweep's pictures, in an order that does not depend on their worth.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A method with its tuning trials. Its place among the entries gives its color in all pictures.
struct SweepEntry {
  const MethodSummary* method;
  std::vector<const TrialRecord*> tuning;
};

/// By name, the baseline first, so that a color does not depend on who won. `tuning`: by method.
std::vector<SweepEntry> sweep_entries(const ProblemSummary& problem, const std::string& baseline,
                                      const std::map<std::string, std::vector<const TrialRecord*>>& tuning);

/// "350 tuning trials, 2 of them diverged, 3 missing." `kind` is &MethodSummary::tuning or ::judging, and
/// `name` its name. What successive halving left out is not missing.
std::string counts_text(const std::vector<SweepEntry>& entries, TrialCounts MethodSummary::*kind,
                        const std::string& name);

}  // namespace SOAP_ABI
}  // namespace soap
