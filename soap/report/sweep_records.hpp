// The results of a sweep, sorted: problem, method, kind of trial, setting, seed.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The trials of one method at one setting. They borrow the records.
using BySeed = std::map<std::uint64_t, const TrialRecord*>;
/// By the name of the setting, see choice_of.
using ByChoice = std::map<std::string, BySeed>;

struct MethodRecords {
  ByChoice tuning;
  ByChoice judging;
};

struct ProblemRecords {
  std::map<std::string, MethodRecords> methods;
  std::set<std::uint64_t> seeds;
};

/// By the names of the problems. The records must live as long as the result.
std::map<std::string, ProblemRecords> sort_records(const std::vector<TrialRecord>& records);

/// Counted accuracy of one less that of the other, for each seed that both have, in the order of the seeds.
std::vector<double> differences(const BySeed& first, const BySeed& second);

/// Whether both have the same seeds, at least one, and the same counted accuracy at each.
bool same_results(const BySeed& first, const BySeed& second);

/// Whether a trial of any seed that both have broke off in one of them.
bool any_broke_off(const BySeed& first, const BySeed& second);

}  // namespace SOAP_ABI
}  // namespace soap
