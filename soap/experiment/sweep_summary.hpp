// What the results of a sweep say in numbers: for each problem, each method's best setting and what the test
// set says of it, with what is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "soap/experiment/selection.hpp"
#include "soap/experiment/statistics.hpp"
#include "soap/experiment/trial_store.hpp"

namespace soap::inline SOAP_ABI {

/// With fewer seeds than this in common, methods are neither tested nor ranked.
inline constexpr std::size_t fewest_seeds = 5;
/// What a corrected p must be below for a difference to count.
inline constexpr double significance = 0.05;

struct SweepSummaryOptions {
  std::string baseline = "bp";  ///< the method that the others are compared with
};

/// What became of the trials behind a figure.
struct TrialCounts {
  std::size_t expected = 0;
  std::size_t found = 0;     ///< with a valid result
  std::size_t diverged = 0;  ///< of these; they count as guessing
  std::size_t damaged = 0;   ///< of the missing ones: those with a file that is not a result

  [[nodiscard]] std::size_t missing() const { return expected - found; }
  friend bool operator==(const TrialCounts&, const TrialCounts&) = default;
};

/// Accuracy of one method less that of another, seed by seed.
struct PairedDifference {
  std::size_t pairs = 0;  ///< seeds that both have
  double mean = 0;
  // Nothing with fewer than `fewest_seeds` pairs:
  std::optional<Interval> interval = {};  ///< 95 %; of differences to the baseline only
  std::optional<double> p = {};           ///< see sign_flip_test
  std::optional<double> corrected = {};   ///< Holm's, over its family of tests; nothing outside of one
};

/// A method less the baseline on validation images, with one setting for both and with each at its best.
struct OneSettingForBoth {
  double at_baselines_best = 0;
  double each_at_its_best = 0;
  std::size_t shared = 0;  ///< settings that both were tried with, on as many seeds as the best
  // Of these the ones least and most in the method's favor, with more than one.
  double lowest = 0;
  double highest = 0;
  TrialSetting lowest_setting = {};
  TrialSetting highest_setting = {};
};

struct MethodSummary {
  std::string method;
  std::optional<Selection> tuned = {};      ///< nothing without tuning trials
  std::optional<TrialSetting> chosen = {};  ///< of one seed; without tuning what was judged, if that is one
  TrialCounts tuning = {};  ///< expected: each of its settings with each of the problem's seeds
  bool halved = false;      ///< what is missing is what successive halving leaves out

  TrialCounts judging = {};               ///< of the chosen setting; expected: the problem's seeds
  std::vector<std::uint64_t> seeds = {};  ///< of those found, ascending
  std::vector<double> accuracies = {};    ///< theirs on the test set; guessing where one diverged
  std::optional<MeanAndDeviation> accuracy = {};
  std::optional<Interval> interval = {};        ///< 95 %, of the mean; with `fewest_seeds` or more
  std::optional<double> steps_to_target = {};   ///< median; nothing when half of them never got there
  std::size_t reached_target = 0;               ///< how many did
  std::optional<double> passes = {};            ///< forward-backward passes of one example, mean
  std::optional<double> transported_bits = {};  ///< mean over the trials that tell
  std::size_t other_test_readings = 0;          ///< trials of other settings judged by the test set

  std::optional<PairedDifference> to_baseline = {};  ///< corrected over all methods compared with it
  std::optional<OneSettingForBoth> one_setting = {};

  /// Whether it takes part in the ranking.
  [[nodiscard]] bool compared() const { return accuracies.size() >= fewest_seeds; }
};

/// Two compared methods, by their places; the difference is first less second.
struct MethodPair {
  std::size_t first = 0;
  std::size_t second = 0;
  PairedDifference difference = {};  ///< corrected over all pairs
};

struct ProblemSummary {
  std::string name;                  ///< see problem_of
  std::vector<std::uint64_t> seeds;  ///< that any trial has
  Index validation = 0;              ///< images to choose by; 0 without tuning
  double target_loss = 0;
  /// Results of trials that were evaluated in another way than most of the problem's, and do not count.
  std::size_t passed_over = 0;

  /// The baseline first, the others by name; where they can be ranked, by descending test accuracy.
  std::vector<MethodSummary> methods;
  std::optional<std::size_t> baseline = {};  ///< its place among them
  std::size_t common_seeds = 0;        ///< that all compared methods have; all judged ones with less than two
  bool ranked = false;                 ///< two methods or more have `fewest_seeds` of them
  std::vector<MethodPair> pairs = {};  ///< all of the compared methods, where they can be ranked
};

struct SweepSummary {
  std::vector<ProblemSummary> problems;  ///< in the order of their names
  std::string baseline;
  std::size_t results = 0;           ///< valid ones, in all
  std::vector<std::string> damaged;  ///< a sentence a file
};

/// Reads nothing but `trials`, in whatever order. Throws std::invalid_argument when there is no valid result.
SweepSummary summarize_sweep(const StoredTrials& trials, const SweepSummaryOptions& options = {});

}  // namespace soap::inline SOAP_ABI
