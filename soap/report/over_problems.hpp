// The methods of a sweep over several networks and data sets at once.
#pragma once

#include <string>

#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Mean ranks of the methods that every problem has judged trials of, with their critical difference, and
/// means over the problems: a part of the page in Markdown; empty with one problem, or with fewer than two
/// such methods.
std::string over_problems(const SweepSummary& summary);

}  // namespace SOAP_ABI
}  // namespace soap
