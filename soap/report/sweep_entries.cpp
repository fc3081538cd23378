#include "soap/report/sweep_entries.hpp"

#include <algorithm>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

std::vector<SweepEntry> sweep_entries(const ProblemSummary& problem, const std::string& baseline,
                                      const std::map<std::string, std::vector<const TrialRecord*>>& tuning) {
  std::vector<SweepEntry> entries;
  for (const MethodSummary& method : problem.methods) {
    const auto found = tuning.find(method.method);
    entries.push_back({&method, found == tuning.end() ? std::vector<const TrialRecord*>() : found->second});
  }
  std::sort(entries.begin(), entries.end(), [&](const SweepEntry& a, const SweepEntry& b) {
    const bool first = a.method->method == baseline;
    const bool second = b.method->method == baseline;
    return first != second ? first : a.method->method < b.method->method;
  });
  return entries;
}

std::string counts_text(const std::vector<SweepEntry>& entries, TrialCounts MethodSummary::*kind,
                        const std::string& name) {
  std::size_t found = 0;
  std::size_t diverged = 0;
  std::size_t failed = 0;
  std::size_t missing = 0;
  for (const SweepEntry& entry : entries) {
    const TrialCounts& counts = entry.method->*kind;
    found += counts.found;
    diverged += counts.diverged;
    failed += counts.failed;
    // What successive halving leaves out nobody misses.
    if (kind != &MethodSummary::tuning || !entry.method->halved) missing += counts.missing();
  }
  std::string text =
      with_thousands(static_cast<std::int64_t>(found)) + " " + name + (found == 1 ? " trial" : " trials");
  if (diverged > 0) text += ", " + std::to_string(diverged) + " of them diverged";
  if (failed > 0) text += ", " + std::to_string(failed) + " of them failed";
  if (missing > 0) text += ", " + std::to_string(missing) + " missing";
  return text + ".";
}

}  // namespace SOAP_ABI
}  // namespace soap
