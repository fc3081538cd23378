// The lines of a sweep's pictures, as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "soap/plot/chart.hpp"
#include "soap/report/sweep_entries.hpp"
#include "soap/report/sweep_summary.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What a method was worth at each learning rate.
struct RateCurve {
  Series accuracy;  ///< mean counted accuracy on the validation images; band from lowest to highest seed
  Series loss;      ///< the same of the training loss at the end, over the trials that did not break off
  /// Median steps to the target training loss, NaN where so few got there that there is none; the band is its
  /// 95 % interval, with NaN for an end that it does not have.
  Series steps;
  std::vector<std::size_t> trials;     ///< at each learning rate
  std::vector<std::size_t> broke_off;  ///< of these
  std::size_t best = 0;                ///< the place of the chosen learning rate

  /// Whether a mean is over fewer seeds than that at the chosen rate, and is less sure.
  [[nodiscard]] bool has_fewer_seeds(std::size_t place) const { return trials[place] < trials[best]; }
};

/// By ascending learning rate, the rest of each setting as in the one that was chosen. No points for a method
/// that was not tuned.
RateCurve rate_curve(const MethodSummary& method, const std::vector<const TrialRecord*>& tuning);

/// How a method came along in the tuning trials of its chosen setting: mean validation accuracy after the
/// numbers of examples at which the trial with the most samples was evaluated; one that has no sample there,
/// for it broke off, counts as guessing.
struct ProgressCurve {
  std::vector<double> passes;    ///< forward-backward passes of one example, until then
  std::vector<double> bits;      ///< of W transported until then; empty where the rule does not say
  std::vector<double> accuracy;  ///< with the lowest and highest seed
  std::vector<double> lowest;
  std::vector<double> highest;
};

ProgressCurve progress_curve(const MethodSummary& method, const std::vector<const TrialRecord*>& tuning);

/// The seeds that every setting of every method has a tuning trial with: all of them in a whole grid, the
/// first with successive halving.
std::set<std::uint64_t> common_seeds(const std::vector<SweepEntry>& entries);

/// What tuning with fewer settings would have found: over the number of settings drawn at random from those
/// of a method, without repetition, the expected mean validation accuracy of the best of them (after Dodge et
/// al., 2019, "Show your work: improved reporting of experimental results"). The means are over `seeds`, for
/// the best of means over fewer seeds would owe more to chance. At most 200 points, the last with all
/// settings; none without settings that have all the seeds.
Series expected_best_curve(const std::vector<const TrialRecord*>& tuning,
                           const std::set<std::uint64_t>& seeds);

}  // namespace SOAP_ABI
}  // namespace soap
