// What a run directory's config.json says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Everything that a command resolved before it started.
struct RunConfig {
  std::string program;
  std::vector<std::string> command;  ///< as typed, the program's name first
  std::string data;                  ///< description of the data
  std::vector<TrialOptions> trials;
  int threads = 1;
  double target_loss = 0.3;
  // What it takes to go on with the run.
  std::string data_source = {};       ///< what names the same data wherever the program is started
  Index validation = 0;               ///< training images that stand in for the test set
  std::string data_fingerprint = {};  ///< of both sets
  std::optional<Normalization> normalization = {};  ///< of their inputs, where they are images
  bool save_model = false;
  std::int64_t checkpoint_every = 0;  ///< steps; 0: none are made
  // Of a sweep only.
  std::int64_t evaluations = 0;  ///< a pass over the training set
  std::string baseline = {};     ///< of its report
  std::string out = {};          ///< its folder, as it was named
};

/// As JSON, texts that are not UTF-8 as `json_of_text` has them, together with the versions of the library,
/// the compiler and Eigen, the machine and the time; the trials in their canonical form. Throws as
/// `canonical`.
std::string config_json(const RunConfig& config);

/// The name of this machine's processor where the system tells it, as Linux does.
std::optional<std::string> processor_name();

/// The configuration in such a text. `path` is for messages. Throws IoError when it is not one, or of the
/// other build of the library.
RunConfig parse_config(const std::string& json, const std::string& path);

/// One trial's settings as JSON in one line, the same for the same settings however they are spelled. Throws
/// as `canonical`.
std::string trial_text(const TrialOptions& trial);

}  // namespace SOAP_ABI
}  // namespace soap
