// With how many seeds the reports of a sweep were made so far.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// By the problem's name, ascending.
using Looks = std::map<std::string, std::vector<std::size_t>>;

/// What OUT/looks.csv says; nothing without that file. Throws IoError where it is damaged: without it a
/// report would promise more than it can keep.
Looks read_looks(const std::filesystem::path& out);

/// Adds those of a summary, where they are new. Throws IoError when the file cannot be written.
void remember_looks(const std::filesystem::path& out, const SweepSummary& summary, Looks looks);

}  // namespace SOAP_ABI
}  // namespace soap
