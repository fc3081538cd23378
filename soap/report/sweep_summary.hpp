// What the results of a sweep say in numbers: for each problem, each method's best setting and what the test
// set says of it, with what is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "soap/report/variance_sources.hpp"
#include "soap/statistics/interval.hpp"
#include "soap/statistics/moments.hpp"
#include "soap/sweep/selection.hpp"
#include "soap/sweep/trial_store.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// With fewer seeds than this in common, methods are neither tested nor ranked: of 5 seeds a sign-flip test
/// has no p below 0.0625.
inline constexpr std::size_t fewest_seeds = 6;
/// The chance of any false decision in a family of tests, over all reports of a growing sweep.
inline constexpr double significance = 0.05;

struct SweepSummaryOptions {
  std::string baseline = "bp";  ///< the method that the others are compared with, in any spelling
  /// A difference in accuracy, as a share of 1, that does not matter: then it is also tested whether methods
  /// are no worse than the baseline by more, or equal to it within that.
  std::optional<double> margin = {};
  /// By the problem's name: with how many seeds earlier reports compared its methods.
  std::map<std::string, std::vector<std::size_t>> looks = {};
};

/// What became of the trials behind a figure.
struct TrialCounts {
  std::size_t expected = 0;
  std::size_t found = 0;     ///< with a valid result
  std::size_t diverged = 0;  ///< of these; they count as guessing
  std::size_t failed = 0;    ///< of these, too; they count as guessing
  std::size_t damaged = 0;   ///< of the missing ones: those with a file that is not a result

  [[nodiscard]] std::size_t missing() const { return expected - found; }
  [[nodiscard]] std::size_t broke_off() const { return diverged + failed; }
  friend bool operator==(const TrialCounts&, const TrialCounts&) = default;
};

/// What a comparison came to.
enum class Conclusion {
  untested,      ///< fewer than `fewest_seeds` seeds in common
  same_results,  ///< the same accuracy at every seed
  undecidable,   ///< no difference, however large, could have been decided with these seeds
  better,
  worse,
  equal,      ///< within the margin
  not_worse,  ///< by more than the margin
  undecided,
};

/// Accuracy of one method less that of another, seed by seed.
struct PairedDifference {
  std::size_t pairs = 0;  ///< seeds that both have
  double mean = 0;
  double deviation = 0;  ///< of the differences
  bool same = false;     ///< the same at every seed, and the same seeds
  // Nothing with fewer than `fewest_seeds` pairs or where `same`.
  std::optional<double> p = {};           ///< see sign_flip_test
  std::optional<double> smallest_p = {};  ///< that differences of these sizes could have
  std::optional<double> corrected = {};   ///< over its family, see tarone_holm; nothing outside of it
  // Of differences to the baseline only.
  std::optional<Interval> interval = {};     ///< 95 %; it leaves out 0 exactly where p < 0.05; nothing
                                             ///< where a trial broke off, since no such interval holds then
  std::optional<double> improvement = {};    ///< see probability_of_improvement
  std::optional<double> not_worse_p = {};    ///< see noninferiority_p, corrected after Holm
  std::optional<double> equivalence_p = {};  ///< see equivalence_p, corrected after Holm

  /// `level`: what a corrected p must be below.
  [[nodiscard]] Conclusion conclusion(double level) const;
  [[nodiscard]] bool decided(double level) const;  ///< better or worse
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

/// Optimizer steps to the target loss over several trials.
struct StepsToTarget {
  std::optional<double> median = {};  ///< nothing when half of them or more never got there
  /// 95 %; its upper end may be infinity; see censored_median_interval.
  std::optional<Interval> interval = {};
  std::size_t reached = 0;  ///< how many got there
  std::size_t trials = 0;
};

/// How sure the choice of a method's setting is, by its tuning trials.
struct ChoiceStability {
  double share = 0;  ///< how often other seeds would have chosen the same, by a bootstrap of the seeds
  std::optional<std::size_t> runner_up = {};  ///< the choice that they would have chosen next often
  double runner_up_share = 0;
};

struct MethodSummary {
  std::string method;
  std::optional<Selection> tuned = {};      ///< nothing without tuning trials
  std::optional<TrialSetting> chosen = {};  ///< of one seed; without tuning what was judged, if that is one
  TrialCounts tuning = {};  ///< expected: each of its settings with each of the problem's seeds
  bool halved = false;      ///< what is missing is what successive halving leaves out
  std::optional<ChoiceStability> stability = {};
  /// Mean validation accuracy over the logarithm of the learning rate, with the rest of the best setting:
  /// how little the method depends on its rate. Nothing with a single rate.
  std::optional<double> mean_over_rates = {};

  TrialCounts judging = {};               ///< of the chosen setting; expected: the problem's seeds
  std::vector<std::uint64_t> seeds = {};  ///< of those found, ascending
  std::vector<double> accuracies = {};    ///< theirs on the test set; guessing where one broke off
  std::optional<MeanAndDeviation> accuracy = {};
  std::optional<MeanAndDeviation> finished = {};  ///< of those that did not break off, where some did
  std::optional<double> interquartile = {};       ///< see interquartile_mean
  /// 95 %, of the mean, see sign_flip_interval; nothing with too few seeds or where a trial broke off.
  std::optional<Interval> interval = {};
  std::optional<double> diverged_bound = {};    ///< 95 % upper bound of the rate at which it diverges
  StepsToTarget steps = {};                     ///< of the judging trials
  std::optional<TrialSetting> fastest = {};     ///< the tuned setting with the fewest median steps
  StepsToTarget fastest_steps = {};             ///< of its tuning trials
  std::optional<double> passes = {};            ///< forward-backward passes of one example, mean
  std::optional<double> transported_bits = {};  ///< mean over the trials that tell
  std::size_t other_test_readings = 0;          ///< trials of other settings judged by the test set
  std::string failure = {};                     ///< why the first of the trials that failed did

  std::optional<PairedDifference> to_baseline = {};  ///< corrected over all methods compared with it
  std::optional<OneSettingForBoth> one_setting = {};
  /// An earlier one, by name, with the same results at every seed: the two are tested as one.
  std::optional<std::string> same_as = {};

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
  /// With how many seeds this report and earlier ones compared the methods, ascending; the last is this one.
  std::vector<std::size_t> looks = {};
  double level = significance;  ///< what a corrected p must be below at this look; see look_level
};

struct SweepSummary {
  std::vector<ProblemSummary> problems;  ///< in the order of their names
  std::string baseline;
  std::optional<double> margin = {};
  std::size_t results = 0;  ///< valid ones, in all
  std::vector<MethodVariance> variances = {};
  std::vector<std::string> damaged;  ///< a sentence a file
};

/// Reads nothing but `trials`, in whatever order. Throws std::invalid_argument when there is no valid result,
/// and for a margin that is not above 0 and below 1.
SweepSummary summarize_sweep(const StoredTrials& trials, const SweepSummaryOptions& options = {});

}  // namespace SOAP_ABI
}  // namespace soap
