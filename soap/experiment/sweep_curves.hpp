// The lines of a sweep's pictures, as numbers.
#pragma once

#include <cstddef>
#include <vector>

#include "soap/experiment/sweep_summary.hpp"
#include "soap/plot/chart.hpp"

namespace soap::inline SOAP_ABI {

/// What a method was worth at each learning rate.
struct RateCurve {
  Series accuracy;  ///< mean counted accuracy on the validation images; band from lowest to highest seed
  Series loss;      ///< the same of the training loss at the end, over the trials that did not diverge
  std::vector<std::size_t> trials;    ///< at each learning rate
  std::vector<std::size_t> diverged;  ///< of these
};

/// By ascending learning rate, the rest of each setting as in the one that was chosen. No points for a method
/// that was not tuned.
RateCurve rate_curve(const MethodSummary& method, const std::vector<const TrialRecord*>& tuning);

/// How a method came along in the tuning trials of its chosen setting: mean validation accuracy after the
/// numbers of examples at which the trial with the most samples was evaluated; one that has no sample there,
/// for it diverged, counts as guessing.
struct ProgressCurve {
  std::vector<double> passes;    ///< forward-backward passes of one example, until then
  std::vector<double> bits;      ///< of W transported until then; empty where the rule does not say
  std::vector<double> accuracy;  ///< with the lowest and highest seed
  std::vector<double> lowest;
  std::vector<double> highest;
};

ProgressCurve progress_curve(const MethodSummary& method, const std::vector<const TrialRecord*>& tuning);

}  // namespace soap::inline SOAP_ABI
