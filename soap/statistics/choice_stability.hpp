// Whether other seeds would have chosen otherwise.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace soap {

struct ResamplingOptions {
  int resamples = 10'000;
  std::uint64_t seed = 1;  ///< of the stream that resamples
};

/// How often each choice has the best mean when the seeds are drawn anew from themselves, with replacement
/// and the same for all choices: shares that sum to 1. Of equal means the first choice is taken.
/// `accuracies`: one row a choice, with one value for each seed, in the same order of seeds. Throws
/// std::invalid_argument when there is no choice or no seed, for rows of different length, for values that
/// are not finite, and for no resamples.
std::vector<double> choice_shares(std::span<const std::vector<double>> accuracies,
                                  const ResamplingOptions& options = {});

}  // namespace soap
