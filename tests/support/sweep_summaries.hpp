// Summaries of the results of one problem.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/report/sweep_summary.hpp"

namespace test {

inline soap::ProblemSummary summary_of(const std::vector<soap::TrialRecord>& records,
                                       const soap::SweepSummaryOptions& options = {}) {
  return soap::summarize_sweep({.records = records, .damaged = {}}, options).problems.front();
}

inline const soap::MethodSummary& method_in(const soap::ProblemSummary& problem, const std::string& name) {
  const auto found = std::find_if(problem.methods.begin(), problem.methods.end(),
                                  [&](const auto& candidate) { return candidate.method == name; });
  REQUIRE(found != problem.methods.end());
  return *found;
}

}  // namespace test
