// What a sweep's methods would have been worth with less tuning.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "soap/experiment/sweep_entries.hpp"
#include "soap/plot/chart.hpp"

namespace soap::inline SOAP_ABI {

/// The expected best validation accuracy over the number of settings tried; see expected_best_curve. Nothing
/// where no method has two settings, or no seed is common to all. `problem`: its name.
std::optional<Figure> search_figure(const std::vector<SweepEntry>& entries, const std::string& problem);

}  // namespace soap::inline SOAP_ABI
