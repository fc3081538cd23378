// What a sweep searched.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// For each problem by its name, a Markdown list of what was tried in tuning: how many settings, and the
/// values of each part of them; one entry for all methods that had the same settings. A problem without
/// tuning trials is not among them.
std::map<std::string, std::string> search_spaces(const std::vector<TrialRecord>& records);

}  // namespace SOAP_ABI
}  // namespace soap
