// A sweep's methods over the learning rate.
#pragma once

#include <optional>
#include <vector>

#include "soap/plot/chart.hpp"
#include "soap/report/sweep_entries.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Validation accuracy and training loss of each method over the learning rate. Means over fewer seeds than
/// the best rate has are rings on dotted lines. Nothing where no method has two rates.
std::optional<Figure> rate_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem);

/// Median steps to the target training loss in the tuning trials, with its interval. Nothing where no method
/// has two rates, or none a median.
std::optional<Figure> steps_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem);

}  // namespace SOAP_ABI
}  // namespace soap
