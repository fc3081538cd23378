// What a trial leaves on the disk, so that a killed program can go on with it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "soap/trial/run_config.hpp"
#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The files of each of the config's trials in its run directory: "models/NAME.safetensors" with
/// `save_model`, and "checkpoints/NAME.safetensors" with `checkpoint_every`.
std::vector<TrialFiles> trial_files(const RunConfig& config, const std::filesystem::path& run_directory);

/// A name for files, such as "sign,period=640-seed-1": different for trials that differ in rule, step or
/// seed, whatever these hold.
std::string trial_name(const TrialOptions& options);

/// Saves the run after every k steps, and where it is stopped. To be observed last.
std::unique_ptr<Observer> checkpointer(const TrialFiles& files, const TrialOptions& options);

/// Whether there is a checkpoint to go on from, or a result. Throws IoError when that file is damaged or
/// belongs to other settings or data.
enum class Saved { nothing, run, result };
Saved saved_state(const TrialFiles& files, const TrialOptions& options);

/// Puts a saved run back.
void restore_run(const TrialFiles& files, const TrialOptions& options, RunState& state);
/// The trained network, for whoever wants to use it.
void save_trained(const TrialFiles& files, const TrialOptions& options, Network& network);
/// The result in the place of the checkpoint: with it the trial needs no more training.
void save_result(const TrialFiles& files, TrialResult& result);
TrialResult load_result(const TrialFiles& files, const TrialOptions& options);

}  // namespace SOAP_ABI
}  // namespace soap
