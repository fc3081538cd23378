// What speaks against trusting the numbers of a sweep.
#pragma once

#include <string>

#include "soap/report/sweep_summary.hpp"
#include "soap/sweep/choice_names.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A list in Markdown, empty when there is nothing.
std::string cautions(const ProblemSummary& problem, const ChoiceNames& names);

}  // namespace SOAP_ABI
}  // namespace soap
