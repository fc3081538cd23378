// Choosing learning rates and the like by validation images alone.
#pragma once

#include <cstddef>
#include <vector>

#include "soap/experiment/trial_record.hpp"

namespace soap::inline SOAP_ABI {

/// The records to be compared with each other: of each problem those with the number of validation images,
/// of evaluations and the target loss that most of its tuning trials, and most of its judging trials, have.
std::vector<TrialRecord> comparable_records(const std::vector<TrialRecord>& records);

/// What a trial counts for in a mean: its accuracy, or that of guessing where it diverged.
double counted_accuracy(const TrialRecord& record);

/// A method's trials of one choice in one problem.
struct Choice {
  TrialSetting setting;      ///< of one of its seeds
  std::size_t trials = 0;    ///< seeds with a result
  std::size_t diverged = 0;  ///< of these
  double accuracy = 0;       ///< mean over seeds of the counted accuracy on the validation images
};

/// A method in one problem: all choices, by ascending learning rate, and the best.
struct Selection {
  std::vector<Choice> choices;
  std::size_t best = 0;
  /// Whether the best learning rate is the lowest, or the highest, of those tried with otherwise the same
  /// choice, and there were several: a better one may lie beyond.
  bool at_lower_edge = false;
  bool at_upper_edge = false;

  [[nodiscard]] const Choice& chosen() const { return choices[best]; }
};

/// One entry for each problem and method, in the order of first appearance. Of equal choices the first, with
/// the lowest learning rate, is the best; one with fewer seeds than another of its method never is. Records
/// judged by the test set are passed over.
std::vector<Selection> select_choices(const std::vector<TrialRecord>& records);

/// The trials that judge the chosen: each seed anew, on all training images, judged by the test set.
std::vector<TrialSetting> judging_trials(const std::vector<Selection>& selections,
                                         const std::vector<std::uint64_t>& seeds);

}  // namespace soap::inline SOAP_ABI
