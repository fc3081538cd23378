// Where a sweep's results come from: what was run, on what, and how long it took.
#pragma once

#include <filesystem>
#include <string>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A Markdown list for the foot of a report, from OUT/config.json and OUT/timings: data, command, version,
/// machine and compute. Says in its place what is missing or damaged, and never throws for it.
std::string provenance(const std::filesystem::path& out);

}  // namespace SOAP_ABI
}  // namespace soap
