// Successive halving: fewer seeds for learning rates that do worse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The rounds of successive halving (Jamieson and Talwalkar, 2016, "Non-stochastic best arm identification
/// and hyperparameter optimization") with seeds as what is spent: the first round gives every choice the
/// first seed; the better half of each method's choices, rounded up, goes on to the first 2, then 4, ...
/// seeds, until there are all, or one choice is left, which more trials would not change. A choice with n
/// seeds is worth its mean counted accuracy over these n; the better ones are the first of `best_first`.
class SuccessiveHalving {
 public:
  /// `grid`: all trials of a full sweep, each choice with each of `seeds`.
  SuccessiveHalving(std::vector<TrialSetting> grid, std::vector<std::uint64_t> seeds);

  /// All trials of the first rounds up to this one, from 0; with the results of the rounds before. Results of
  /// other trials are passed over, so that it is the same for all processes whatever else is there.
  [[nodiscard]] std::vector<TrialSetting> trials(std::size_t round,
                                                 const std::vector<TrialRecord>& records) const;
  /// How many rounds there are, of the method with the most choices.
  [[nodiscard]] std::size_t rounds() const { return rounds_; }

 private:
  std::vector<TrialSetting> grid_;
  std::vector<std::uint64_t> seeds_;
  std::size_t rounds_ = 1;
};

/// How many seeds each of a method's choices gets, most first.
std::vector<std::size_t> halving_seeds(std::size_t choices, std::size_t seeds);

/// How many trials halving takes of a method with so many choices.
std::size_t halving_trials(std::size_t choices, std::size_t seeds);

}  // namespace SOAP_ABI
}  // namespace soap
