// How a sweep's methods came along while they trained.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "soap/plot/chart.hpp"
#include "soap/report/sweep_entries.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Validation accuracy at the best settings against forward-backward passes and, where some method sends
/// any, against bits of W. Nothing without tuning trials. `problem`: its name.
std::optional<Figure> progress_figure(const std::vector<SweepEntry>& entries, const std::string& problem);

}  // namespace SOAP_ABI
}  // namespace soap
