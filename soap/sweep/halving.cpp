#include "soap/sweep/halving.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "soap/sweep/selection.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

struct Contender {
  std::vector<const TrialSetting*> trials;  // in the order of the seeds; none where the grid has none
};

std::size_t better_half(std::size_t choices) { return (choices + 1) / 2; }

// Its mean over the first seeds.
Choice after(const Contender& contender, std::size_t seeds, const std::map<std::string, double>& accuracies) {
  Choice choice{.trials = seeds};
  for (std::size_t i = 0; i < seeds; ++i) {
    if (contender.trials[i] == nullptr) continue;
    choice.setting = *contender.trials[i];
    const auto found = accuracies.find(trial_key(choice.setting));
    if (found != accuracies.end()) choice.accuracy += found->second / static_cast<double>(seeds);
  }
  return choice;
}

void keep_better_half(std::vector<Contender>& contenders, std::size_t seeds,
                      const std::map<std::string, double>& accuracies) {
  std::vector<Choice> choices;
  choices.reserve(contenders.size());
  for (const Contender& contender : contenders) choices.push_back(after(contender, seeds, accuracies));
  auto places = best_first(choices);
  places.resize(better_half(places.size()));
  std::vector<Contender> kept;
  kept.reserve(places.size());
  for (const std::size_t place : places) kept.push_back(std::move(contenders[place]));
  contenders = std::move(kept);
}

std::size_t seeds_of_round(std::size_t round, std::size_t seeds) {
  std::size_t used = 1;
  for (std::size_t i = 0; i < round && used < seeds; ++i) used *= 2;
  return std::min(used, seeds);
}

// Until all seeds are used or one choice is left, which more seeds would not change.
std::size_t rounds_of(std::size_t choices, std::size_t seeds) {
  std::size_t rounds = 1;
  while (seeds_of_round(rounds - 1, seeds) < seeds && better_half(choices) > 1) {
    choices = better_half(choices);
    ++rounds;
  }
  return rounds;
}

using Contenders = std::vector<Contender>;

// Of each method.
std::vector<Contenders> contenders_of(const std::vector<TrialSetting>& grid,
                                      const std::vector<std::uint64_t>& seeds) {
  std::vector<Contenders> methods;
  std::map<std::string, std::size_t> place_of_method;
  std::map<std::string, std::size_t> place_of_choice;
  for (const TrialSetting& setting : grid) {
    const std::string method = problem_of(setting) + '\n' + method_of(setting);
    const auto place = place_of_method.try_emplace(method, methods.size()).first->second;
    if (place == methods.size()) methods.emplace_back();
    auto& choices = methods[place];
    const auto choice = place_of_choice.try_emplace(method + '\n' + choice_of(setting), choices.size());
    if (choice.second) choices.emplace_back().trials.resize(seeds.size(), nullptr);
    const auto seed = std::find(seeds.begin(), seeds.end(), setting.options.seed);
    if (seed == seeds.end()) continue;
    choices[choice.first->second].trials[static_cast<std::size_t>(seed - seeds.begin())] = &setting;
  }
  return methods;
}

}  // namespace

std::vector<std::size_t> halving_seeds(std::size_t choices, std::size_t seeds) {
  std::vector<std::size_t> used(choices, 0);
  const std::size_t rounds = rounds_of(choices, seeds);
  for (std::size_t round = 0; round < rounds; ++round) {
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
    : grid_(std::move(grid)), seeds_(std::move(seeds)) {
  for (const Contenders& choices : contenders_of(grid_, seeds_))
    rounds_ = std::max(rounds_, rounds_of(choices.size(), seeds_.size()));
}

std::vector<TrialSetting> SuccessiveHalving::trials(std::size_t round,
                                                    const std::vector<TrialRecord>& records) const {
  std::map<std::string, double> accuracies;
  for (const TrialRecord& record : records)
    accuracies.emplace(trial_key(record.setting), counted_accuracy(record));

  std::vector<TrialSetting> all;
  for (Contenders& choices : contenders_of(grid_, seeds_)) {
    const std::size_t last = std::min(round + 1, rounds_of(choices.size(), seeds_.size())) - 1;
    std::size_t done = 0;
    for (std::size_t at = 0; at <= last; ++at) {
      const std::size_t used = seeds_of_round(at, seeds_.size());
      for (const Contender& choice : choices) {
        for (std::size_t i = done; i < used; ++i) {
          if (choice.trials[i] != nullptr) all.push_back(*choice.trials[i]);
        }
      }
      done = used;
      if (at < last) keep_better_half(choices, used, accuracies);
    }
  }
  return all;
}

}  // namespace SOAP_ABI
}  // namespace soap
