// Part of a grid, for as many trials as there is time for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct Budget {
  std::size_t trials;    ///< of tuning, for each method
  std::string who;       ///< named it, such as a flag, for messages
  bool halving = false;  ///< whether the trials are those of successive halving
};

/// As many choices of each problem as the budget allows a method, drawn at random from the stream (first
/// seed, "budget"): random search (Bergstra and Bengio, 2012, "Random search for hyper-parameter
/// optimization") on a grid that all methods share. A larger budget keeps the choices of a smaller one.
/// `grid`: the choices of one method, as many for each problem. Throws std::invalid_argument, naming `who`,
/// when not one choice with all seeds is within it.
std::vector<TrialOptions> within_budget(const std::vector<TrialOptions>& grid, const Budget& budget,
                                        std::span<const std::uint64_t> seeds);

}  // namespace SOAP_ABI
}  // namespace soap
