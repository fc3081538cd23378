// What speaks against trusting the numbers of a sweep.
#pragma once

#include <string>

#include "soap/experiment/choice_names.hpp"
#include "soap/experiment/sweep_summary.hpp"

namespace soap::inline SOAP_ABI {

/// A list in Markdown, empty when there is nothing.
std::string cautions(const ProblemSummary& problem, const ChoiceNames& names);

}  // namespace soap::inline SOAP_ABI
