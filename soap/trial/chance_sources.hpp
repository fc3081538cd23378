// What makes trials of one setting differ, and the seeds that tell one source from another.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

enum class ChanceSource {
  init,      ///< the initial weights
  order,     ///< the order of the examples
  feedback,  ///< what feedbacks and steps draw to send errors down by, once or at each step
};
inline constexpr std::array chance_sources = {ChanceSource::init, ChanceSource::order,
                                              ChanceSource::feedback};

/// "init", "order" or "feedback".
std::string to_text(ChanceSource source);

/// Where the options hold the source's own seed.
std::optional<std::uint64_t>& own_seed(TrialOptions& options, ChanceSource source);

/// The seed that a source has in effect.
std::uint64_t seed_of(const TrialOptions& options, ChanceSource source);

/// Whether the source has another seed than the trial, and whether any source has.
bool has_own_seed(const TrialOptions& options, ChanceSource source);
bool has_own_seeds(const TrialOptions& options);

/// The trial in which every source has the trial's seed.
TrialOptions without_own_seeds(TrialOptions options);

}  // namespace SOAP_ABI
}  // namespace soap
