#include "soap/statistics/choice_stability.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "soap/linalg/random.hpp"
#include "soap/statistics/checks.hpp"

namespace soap {

namespace {

void check(std::span<const std::vector<double>> accuracies, const ResamplingOptions& options) {
  if (accuracies.empty() || accuracies.front().empty()) {
    throw std::invalid_argument("stability of a choice: found no choices or no seeds");
  }
  for (const std::vector<double>& choice : accuracies) {
    if (choice.size() != accuracies.front().size()) {
      throw std::invalid_argument("stability of a choice: found " + std::to_string(choice.size()) +
                                  " seeds of a choice, expected " +
                                  std::to_string(accuracies.front().size()));
    }
    detail::check_finite("stability of a choice", "an accuracy of", choice);
  }
  if (options.resamples < 1) {
    throw std::invalid_argument("stability of a choice: found " + std::to_string(options.resamples) +
                                " resamples, expected at least 1");
  }
}

}  // namespace

std::vector<double> choice_shares(std::span<const std::vector<double>> accuracies,
                                  const ResamplingOptions& options) {
  check(accuracies, options);
  const std::size_t seeds = accuracies.front().size();
  Rng rng(options.seed, "choice stability");
  std::vector<std::size_t> drawn(seeds);
  std::vector<double> shares(accuracies.size(), 0.0);
  for (int resample = 0; resample < options.resamples; ++resample) {
    for (std::size_t& seed : drawn) seed = rng.below(seeds);
    std::size_t best = 0;
    double best_sum = 0;
    for (std::size_t choice = 0; choice < accuracies.size(); ++choice) {
      double sum = 0;
      for (const std::size_t seed : drawn) sum += accuracies[choice][seed];
      // Equal sums stay equal whatever the rounding.
      if (choice == 0 || sum > best_sum + 1e-12 * std::abs(best_sum)) {
        best = choice;
        best_sum = sum;
      }
    }
    shares[best] += 1.0 / options.resamples;
  }
  return shares;
}

}  // namespace soap
