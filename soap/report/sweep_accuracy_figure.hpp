// Test accuracies of a sweep's methods, with their differences to the baseline.
#pragma once

#include <optional>
#include <vector>

#include "soap/plot/chart.hpp"
#include "soap/report/sweep_entries.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A row for each method that was judged, in the order of the problem: mean, interval where there is one, and
/// single seeds; beside it the differences where the baseline was judged. Nothing where no method was.
std::optional<Figure> accuracy_figure(const std::vector<SweepEntry>& entries, const ProblemSummary& problem);

}  // namespace SOAP_ABI
}  // namespace soap
