#include "soap/trial/chance_sources.hpp"

#include <algorithm>

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::optional<std::uint64_t> TrialOptions::*place_of(ChanceSource source) {
  if (source == ChanceSource::init) return &TrialOptions::init_seed;
  return source == ChanceSource::order ? &TrialOptions::order_seed : &TrialOptions::feedback_seed;
}

}  // namespace

std::string to_text(ChanceSource source) {
  switch (source) {
    case ChanceSource::init:
      return "init";
    case ChanceSource::order:
      return "order";
    case ChanceSource::feedback:
      return "feedback";
  }
  return "";
}

std::optional<std::uint64_t>& own_seed(TrialOptions& options, ChanceSource source) {
  return options.*place_of(source);
}

std::uint64_t seed_of(const TrialOptions& options, ChanceSource source) {
  return (options.*place_of(source)).value_or(options.seed);
}

bool has_own_seed(const TrialOptions& options, ChanceSource source) {
  return seed_of(options, source) != options.seed;
}

bool has_own_seeds(const TrialOptions& options) {
  return std::any_of(chance_sources.begin(), chance_sources.end(),
                     [&](ChanceSource source) { return has_own_seed(options, source); });
}

TrialOptions without_own_seeds(TrialOptions options) {
  for (const ChanceSource source : chance_sources) own_seed(options, source).reset();
  return options;
}

}  // namespace SOAP_ABI
}  // namespace soap
