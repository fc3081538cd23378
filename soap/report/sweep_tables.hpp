// The tables of a sweep's report, in Markdown.
#pragma once

#include <string>

#include "soap/report/sweep_summary.hpp"
#include "soap/sweep/choice_names.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The test accuracies of a problem: best setting, mean, interval, difference to the baseline, counts. Empty
/// where nothing was judged.
std::string accuracy_table(const ProblemSummary& problem, const SweepSummary& summary,
                           const ChoiceNames& names);
/// All pairs of methods, row less column in points, bold where decided.
std::string pairs_table(const ProblemSummary& problem);
/// Steps to the target loss, passes and bits. Empty where nothing was judged.
std::string cost_table(const ProblemSummary& problem, const ChoiceNames& names);
/// How the settings were chosen, and how sure that is. Empty without tuning trials.
std::string tuning_table(const ProblemSummary& problem, const ChoiceNames& names);

}  // namespace SOAP_ABI
}  // namespace soap
