#include "soap/experiment/halving.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "soap/experiment/selection.hpp"

namespace soap::inline SOAP_ABI {

namespace {

struct Contender {
  std::vector<const TrialSetting*> trials;  // in the order of the seeds
  double accuracy = 0;
};

std::size_t seeds_of_round(std::size_t round, std::size_t seeds) {
  std::size_t used = 1;
  for (std::size_t i = 0; i < round && used < seeds; ++i) used *= 2;
  return std::min(used, seeds);
}

std::size_t rounds_of(std::size_t seeds) {
  std::size_t rounds = 1;
  while (seeds_of_round(rounds - 1, seeds) < seeds) ++rounds;
  return rounds;
}

std::size_t better_half(std::size_t choices) { return (choices + 1) / 2; }

}  // namespace

std::vector<std::size_t> halving_seeds(std::size_t choices, std::size_t seeds) {
  std::vector<std::size_t> used(choices, 0);
  for (std::size_t round = 0; round < rounds_of(seeds); ++round) {
    for (std::size_t i = 0; i < choices; ++i) used[i] = seeds_of_round(round, seeds);
    choices = better_half(choices);
  }
  return used;
}

std::size_t halving_trials(std::size_t choices, std::size_t seeds) {
  const auto used = halving_seeds(choices, seeds);
  return std::accumulate(used.begin(), used.end(), std::size_t{0});
}

SuccessiveHalving::SuccessiveHalving(std::vector<TrialSetting> grid, std::vector<std::uint64_t> seeds)
    : grid_(std::move(grid)), seeds_(std::move(seeds)) {}

std::size_t SuccessiveHalving::rounds() const { return rounds_of(seeds_.size()); }

std::vector<TrialSetting> SuccessiveHalving::trials(std::size_t round,
                                                    const std::vector<TrialRecord>& records) const {
  std::map<std::string, double> accuracies;
  for (const TrialRecord& record : records)
    accuracies.emplace(trial_key(record.setting), counted_accuracy(record));

  // Methods and choices in the order of the grid, so that ties fall the same way everywhere.
  std::vector<std::vector<Contender>> methods;
  std::map<std::string, std::size_t> place_of_method;
  std::map<std::string, std::size_t> place_of_choice;
  for (const TrialSetting& setting : grid_) {
    const std::string method = problem_of(setting) + '\n' + method_of(setting);
    const auto place = place_of_method.try_emplace(method, methods.size()).first->second;
    if (place == methods.size()) methods.emplace_back();
    auto& choices = methods[place];
    const auto choice = place_of_choice.try_emplace(method + '\n' + choice_of(setting), choices.size());
    if (choice.second) choices.emplace_back().trials.resize(seeds_.size(), nullptr);
    const auto seed = std::find(seeds_.begin(), seeds_.end(), setting.options.seed);
    if (seed == seeds_.end()) continue;
    choices[choice.first->second].trials[static_cast<std::size_t>(seed - seeds_.begin())] = &setting;
  }

  std::vector<TrialSetting> all;
  for (auto& choices : methods) {
    std::size_t done = 0;
    for (std::size_t at = 0; at <= round; ++at) {
      const std::size_t used = seeds_of_round(at, seeds_.size());
      for (const Contender& choice : choices) {
        for (std::size_t i = done; i < used; ++i) {
          if (choice.trials[i] != nullptr) all.push_back(*choice.trials[i]);
        }
      }
      done = used;
      if (at == round) break;
      for (Contender& choice : choices) {
        choice.accuracy = 0;
        for (std::size_t i = 0; i < used; ++i) {
          if (choice.trials[i] == nullptr) continue;
          const auto found = accuracies.find(trial_key(*choice.trials[i]));
          if (found != accuracies.end()) choice.accuracy += found->second;
        }
      }
      std::stable_sort(choices.begin(), choices.end(),
                       [](const Contender& a, const Contender& b) { return a.accuracy > b.accuracy; });
      choices.resize(better_half(choices.size()));
    }
  }
  return all;
}

}  // namespace soap::inline SOAP_ABI
