// What a run directory's config.json says.
#pragma once

#include <string>
#include <vector>

#include "soap/experiment/trial.hpp"

namespace soap::inline SOAP_ABI {

/// Everything that a command resolved before it started.
struct RunConfig {
  std::string program;
  std::vector<std::string> command;  ///< as typed, the program's name first
  std::string data;                  ///< description of the data
  std::vector<TrialOptions> trials;
  int threads = 1;
  double target_loss = 0.3;
};

/// As JSON, together with the versions of the library, the compiler and Eigen, the machine and the time.
std::string config_json(const RunConfig& config);

}  // namespace soap::inline SOAP_ABI
