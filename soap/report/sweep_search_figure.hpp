// What a sweep's methods would have been worth with less tuning.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "soap/plot/chart.hpp"
#include "soap/report/sweep_entries.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The expected best validation accuracy over the number of settings tried; see expected_best_curve. Nothing
/// where no method has two settings, or no seed is common to all. `problem`: its name.
std::optional<Figure> search_figure(const std::vector<SweepEntry>& entries, const std::string& problem);

}  // namespace SOAP_ABI
}  // namespace soap
