// Methods compared over several problems.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "soap/statistics/interval.hpp"

namespace soap {

/// The mean over problems of each method's rank, 1 for the largest figure; equal figures share the mean of
/// their ranks. `figures`: one row a problem, with one value for each method. Throws std::invalid_argument
/// when there are no problems, for rows of different length, and for values that are NaN.
std::vector<double> mean_ranks(std::span<const std::vector<double>> figures);

struct FriedmanTest {
  double chi_square;    ///< with methods - 1 degrees of freedom, corrected for ties
  double chi_square_p;  ///< 1 where all figures of every problem are equal
  double f;             ///< Iman and Davenport's, with k - 1 and (k - 1)(problems - 1) degrees of freedom
  double f_p;           ///< less cautious than chi_square_p, and the one to read
};

/// Whether methods' ranks over problems differ by more than chance (Friedman, 1937; Iman and Davenport, 1980;
/// Demsar, 2006, "Statistical comparisons of classifiers over multiple data sets", section 3.2.2). Throws as
/// mean_ranks does, and for fewer than 2 methods or 2 problems.
FriedmanTest friedman_test(std::span<const std::vector<double>> figures);

/// How far two methods' mean ranks must be apart to differ (Nemenyi, 1963; Demsar, 2006, section 3.2.2).
/// Throws std::invalid_argument for fewer than 2 methods, no problems, and a level outside of (0, 1).
double nemenyi_critical_difference(std::size_t methods, std::size_t problems, double level = 0.05);

struct StratifiedOptions {
  double level = 0.95;
  int resamples = 10'000;
  std::uint64_t seed = 1;  ///< of the stream that resamples
};

/// An interval for the mean over problems of each problem's mean over seeds: percentiles of a bootstrap that
/// draws seeds within each problem (Agarwal et al., 2021, section 4.1), made wider by sqrt(n/(n - 1)) for n
/// seeds, for which a plain one is too short. It speaks of these problems, not of others like them. `values`:
/// one row a problem, of any length. Throws std::invalid_argument when there are no problems, for one with
/// fewer than 2 values or one that is not finite, for a level outside of (0, 1), and for fewer than 100
/// resamples.
Interval stratified_interval(std::span<const std::vector<double>> values,
                             const StratifiedOptions& options = {});

}  // namespace soap
