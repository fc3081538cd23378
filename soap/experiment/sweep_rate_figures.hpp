// A sweep's methods over the learning rate.
#pragma once

#include <optional>
#include <vector>

#include "soap/experiment/sweep_entries.hpp"
#include "soap/plot/chart.hpp"

namespace soap::inline SOAP_ABI {

/// Validation accuracy and training loss of each method over the learning rate. Means over fewer seeds than
/// the best rate has are rings on dotted lines. Nothing where no method has two rates.
std::optional<Figure> rate_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem);

/// Median steps to the target training loss in the tuning trials, with its interval. Nothing where no method
/// has two rates, or none a median.
std::optional<Figure> steps_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem);

}  // namespace soap::inline SOAP_ABI
