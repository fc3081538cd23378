// A trial's options in JSON, as records and configurations have them.
#pragma once

#include <string>

#include "soap/experiment/json_fields.hpp"
#include "soap/experiment/trial.hpp"

namespace soap::inline SOAP_ABI {

/// The step's text, or the rule's where the rule is a step.
std::string step_kind(const TrialOptions& options);

/// What a result depends on, but for the sources of chance with seeds of their own, which come last where
/// they are: see `write_own_seeds`.
nlohmann::ordered_json options_json(const TrialOptions& options);
/// Throws IoError where a field is missing or out of its range.
TrialOptions read_options(const JsonFields& fields);

/// "init_seed", "order_seed" and "feedback_seed", each only where it differs from the trial's seed, so that
/// equal trials have equal texts.
void write_own_seeds(const TrialOptions& options, nlohmann::ordered_json& json);

}  // namespace soap::inline SOAP_ABI
