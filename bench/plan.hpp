// What soap_bench measures: each of these adds the groups of one subject.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sampling.hpp"

namespace bench {

struct Scope {
  bool quick = false;  ///< few shapes, small ones
  int all_threads = 1;
};

/// One thread and all of them; once where that is the same.
std::vector<int> thread_counts(const Scope& scope);

using Groups = std::vector<std::unique_ptr<Group>>;

void add_peak(Groups& groups, const Scope& scope);
void add_gemm(Groups& groups, const Scope& scope);
void add_activations(Groups& groups, const Scope& scope);
void add_steps(Groups& groups, const Scope& scope);
void add_pair(Groups& groups, const Scope& scope);
void add_data(Groups& groups, const Scope& scope);

/// Sentences to stand under the table about the groups that have been measured; empty when there is nothing
/// to say.
std::string gemm_summary(const Groups& groups);

}  // namespace bench
