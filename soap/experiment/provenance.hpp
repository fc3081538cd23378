// Where a sweep's results come from: what was run, on what, and how long it took.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

/// A Markdown list for the foot of a report, from OUT/config.json and OUT/timings: data, command, version,
/// machine and compute. Says in its place what is missing or damaged, and never throws for it.
std::string provenance(const std::filesystem::path& out);

/// The command as a shell reads it: words with other than plain characters in quotes.
std::string shell_command(const std::vector<std::string>& words);

}  // namespace soap::inline SOAP_ABI
