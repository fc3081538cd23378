// Going on with a run that was stopped.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include "soap/base/ordinary_file.hpp"
#include "soap/data/fingerprint.hpp"
#include "soap/data/named_digits.hpp"
#include "soap/trial/run_config.hpp"
#include "soap/trial/trial_files.hpp"

#include "command_line.hpp"
#include "trial_app.hpp"

namespace resume {

struct Run {
  std::filesystem::path directory;
  soap::RunConfig config;   ///< with this program's number of threads
  std::string config_text;  ///< of config.json, to be left as it is
};

/// The run that `--resume` names, with all its checkpoints looked at. Throws std::invalid_argument for other
/// flags beside it and for a run of another program or without checkpoints, and IoError for files that cannot
/// be read, are damaged or belong to other settings.
inline Run open(const cxxopts::ParseResult& given, const std::string& program) {
  for (const auto& argument : given.arguments()) {
    if (argument.key() == "resume" || argument.key() == "threads") continue;
    throw std::invalid_argument("--resume: found --" + argument.key() +
                                " beside it, expected --threads at most: all else is as the run was started");
  }
  Run run{.directory = given["resume"].as<std::string>(), .config = {}, .config_text = {}};
  const auto file = run.directory / "config.json";
  run.config_text = soap::read_ordinary_file(file, "that of a run to go on with");
  run.config = soap::parse_config(run.config_text, file.string());
  if (run.config.program != program) {
    throw std::invalid_argument("--resume: found a run of " + run.config.program + " in '" +
                                run.directory.string() + "', expected one of " + program);
  }
  if (run.config.checkpoint_every < 1) {
    throw std::invalid_argument("--resume: found a run without checkpoints in '" + run.directory.string() +
                                "', expected one that was started with --checkpoint-every");
  }
  run.config.threads = trial_app::threads(given);
  const auto files = soap::trial_files(run.config, run.directory);
  for (std::size_t i = 0; i < files.size(); ++i) (void)soap::saved_state(files[i], run.config.trials[i]);
  return run;
}

/// Throws std::invalid_argument unless the data are those that the run was started with.
inline void check_data(const soap::RunConfig& config, soap::NamedDigits& digits) {
  const std::string found = soap::to_hex(soap::fingerprint(digits.data));
  if (found != config.data_fingerprint) {
    throw std::invalid_argument("--resume: found data with the fingerprint " + found + " in " +
                                config.data_source + ", expected those that the run was started with, " +
                                config.data_fingerprint);
  }
  digits.description = config.data;
}

}  // namespace resume
