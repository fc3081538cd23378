#include "soap/sweep/budget.hpp"

#include <map>
#include <numeric>
#include <set>
#include <stdexcept>

#include "soap/linalg/random.hpp"
#include "soap/sweep/halving.hpp"
#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

std::vector<TrialOptions> within_budget(const std::vector<TrialOptions>& grid, const Budget& budget,
                                        std::span<const std::uint64_t> seeds) {
  if (grid.empty() || seeds.empty())
    throw std::invalid_argument(budget.who + ": found no choices or no seeds, expected some of both");
  std::map<std::string, std::size_t> sizes;  // of the problems
  std::vector<std::size_t> places;           // of each trial in its problem
  places.reserve(grid.size());
  for (const TrialOptions& trial : grid) places.push_back(sizes[problem_of({.options = trial})]++);
  const std::size_t all = sizes.begin()->second;
  const auto cost = [&](std::size_t choices) {
    return budget.halving ? halving_trials(choices, seeds.size()) : choices * seeds.size();
  };
  std::size_t affordable = 0;
  while (affordable < all && cost(affordable + 1) <= budget.trials) ++affordable;
  if (affordable == 0) {
    throw std::invalid_argument(budget.who + ": found " + std::to_string(budget.trials) +
                                ", expected at least " + std::to_string(cost(1)) +
                                ", one setting with each seed");
  }
  std::vector<Index> order(all);
  std::iota(order.begin(), order.end(), Index{0});
  Rng rng(seeds.front(), "budget");
  shuffle(order, rng);
  const std::set<Index> drawn(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(affordable));
  std::vector<TrialOptions> kept;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (drawn.contains(static_cast<Index>(places[i]))) kept.push_back(grid[i]);
  }
  return kept;
}

}  // namespace SOAP_ABI
}  // namespace soap
