// Choosing learning rates and the like by validation images alone.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The records to be compared with each other: of each problem those with the number of validation images,
/// of evaluations and the target loss that most of its tuning trials, and most of its judging trials, have.
std::vector<TrialRecord> comparable_records(const std::vector<TrialRecord>& records);

/// What a trial counts for in a mean: its accuracy, or that of guessing where it broke off.
double counted_accuracy(const TrialRecord& record);

/// A method's trials of one choice in one problem.
struct Choice {
  TrialSetting setting = {};  ///< of its lowest seed
  std::size_t trials = 0;     ///< seeds with a result
  std::size_t broke_off = 0;  ///< of these
  double accuracy = 0;        ///< mean over seeds of the counted accuracy on the validation images
};

/// Means that differ by no more are equal: those of shares correct/images differ by more, or are the same
/// but for the rounding of their sums.
inline constexpr double equal_accuracies = 1e-12;

/// The places of choices of one method, best first: those with more seeds before those with fewer, then by
/// descending accuracy; of equal ones the lowest learning rate comes first, then what ChoiceKey says. The
/// order that the choices are given in does not matter.
std::vector<std::size_t> best_first(const std::vector<Choice>& choices);

/// A number of the best choice beyond which nothing was tried.
struct Edge {
  std::string name;  ///< see ChoiceValue: "lr", "momentum", "batch size"
  bool highest = false;

  friend bool operator==(const Edge&, const Edge&) = default;
};

/// "lr lowest, momentum highest".
std::string edges_text(const std::vector<Edge>& edges);

/// The numbers of the choice at `best` that lie at the edge of what was tried: several values of that name
/// were, with the same names of optimizer, schedule and initial weights, and none lies further out. That
/// holds for whole grids, for settings drawn from one and after successive halving alike. Where nothing can
/// lie beyond, as below a momentum of 0 or one example in a minibatch, there is no edge.
std::vector<Edge> edges_of(const std::vector<Choice>& choices, std::size_t best);

/// A method in one problem: all choices in the order of ChoiceKey, the lowest learning rate first, and the
/// best.
struct Selection {
  std::vector<Choice> choices;
  std::size_t best = 0;
  std::vector<Edge> edges;  ///< see edges_of: a better choice may lie beyond

  [[nodiscard]] const Choice& chosen() const { return choices[best]; }
};

/// One entry for each problem and method, by the alphabet: the same for the same set of records, whatever
/// their order. The best is the first of `best_first`. Records judged by the test set are passed over.
std::vector<Selection> select_choices(const std::vector<TrialRecord>& records);

/// The trials that judge the chosen: each seed anew, on all training images, judged by the test set.
std::vector<TrialSetting> judging_trials(const std::vector<Selection>& selections,
                                         const std::vector<std::uint64_t>& seeds);

}  // namespace SOAP_ABI
}  // namespace soap
