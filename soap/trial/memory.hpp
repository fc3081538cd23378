// Whether a trial fits into the machine, asked before it is built.
#pragma once

#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Bytes for a trial's weights and once more as many, since most rules or optimizers keep a matrix beside
/// each of them, and three times more under the instruments. A double, because a mistyped size may exceed
/// every integer.
double trial_memory(const TrialOptions& options, Index inputs, Index outputs);

/// Bytes of this machine's memory; infinite where the system does not tell.
double machine_memory();

}  // namespace SOAP_ABI
}  // namespace soap
