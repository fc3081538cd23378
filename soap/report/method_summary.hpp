// What the trials of one method say by themselves.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "soap/report/sweep_records.hpp"
#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A method's figures, without any comparison. `damaged`: the keys of files that are not results.
MethodSummary summarize_method(const std::string& name, const ProblemRecords& problem,
                               const std::optional<Selection>& tuned, const std::set<std::string>& damaged);

/// The trials that a method is judged by: those of its chosen setting; none where there is not one.
const BySeed& judged_trials(const MethodSummary& method, const ProblemRecords& problem);

}  // namespace SOAP_ABI
}  // namespace soap
