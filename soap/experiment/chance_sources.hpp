// What makes trials of one setting differ, and the seeds that tell one source from another.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "soap/experiment/trial.hpp"

namespace soap::inline SOAP_ABI {

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

/// Adds "init_seed", "order_seed" and "feedback_seed" to a JSON object, each only where it differs from the
/// trial's seed, so that equal trials have equal texts.
template <class Json>
void write_own_seeds(const TrialOptions& options, Json& json) {
  for (const ChanceSource source : chance_sources) {
    if (has_own_seed(options, source)) json[to_text(source) + "_seed"] = seed_of(options, source);
  }
}

/// Takes them from there.
template <class Json>
void read_own_seeds(const Json& json, TrialOptions& options) {
  for (const ChanceSource source : chance_sources) {
    const auto seed = json.find(to_text(source) + "_seed");
    if (seed != json.end()) own_seed(options, source) = seed->template get<std::uint64_t>();
  }
}

}  // namespace soap::inline SOAP_ABI
