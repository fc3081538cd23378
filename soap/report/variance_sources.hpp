// How much of what makes a method's trials differ comes from the initial weights, from the order of the
// examples and from the feedback.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "soap/statistics/interval.hpp"
#include "soap/statistics/moments.hpp"
#include "soap/sweep/selection.hpp"
#include "soap/sweep/trial_store.hpp"
#include "soap/trial/chance_sources.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The judging trials of these seeds, each once more for every source of chance that its method has, with
/// another seed for that source alone. The other seed depends on the trial's seed and nothing else, so that
/// more seeds only add trials.
std::vector<TrialSetting> variance_trials(const std::vector<Selection>& selections,
                                          const std::vector<std::uint64_t>& seeds, Index inputs,
                                          Index outputs);

/// What changes when one source alone does.
struct SourceVariance {
  ChanceSource source;
  std::size_t pairs = 0;      ///< of a judging trial and the same with another seed of the source
  std::size_t broke_off = 0;  ///< of the latter; they count as guessing
  /// Standard deviation of the test accuracy, a share of 1: the root of half the mean squared difference in
  /// the pairs. Jansen (1999), "Analysis of variance designs for model output": the square estimates
  /// E[Var(accuracy | all other sources)], without bias.
  double deviation = 0;
  std::optional<Interval> interval = {};  ///< 95 %, see deviation_interval; none where the deviation is 0
  std::optional<double> share = {};       ///< of the variance of all together, where there is any
};

/// A method at one setting in one problem.
struct MethodVariance {
  TrialSetting setting = {};              ///< of one of its trials
  std::size_t trials = 0;                 ///< judging trials, in which all sources differ
  std::size_t broke_off = 0;              ///< of these; they count as guessing
  std::optional<double> deviation = {};   ///< of their test accuracy, a share of 1; none for a single trial
  std::optional<Interval> interval = {};  ///< as above
  std::vector<SourceVariance> sources = {};

  /// 1 less the shares, where there are shares. Chance that takes two sources at once counts with each of
  /// them, so that it is below 0 where sources interact, and differs from 0 by luck where they do not.
  [[nodiscard]] std::optional<double> remainder() const;
};

/// Reads which trials belong together from their settings. One entry for each setting that has such pairs,
/// ordered by problem, method and setting; sources without pairs are left out.
std::vector<MethodVariance> variance_sources(const StoredTrials& trials);

/// The part of a report in Markdown; empty where there is nothing to say.
std::string variance_section(const std::vector<MethodVariance>& variances);

/// A CSV with a row for each problem, method and source, and one for all together.
std::string variance_table(const std::vector<MethodVariance>& variances);

}  // namespace SOAP_ABI
}  // namespace soap
