#include "soap/trial/run_config.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <limits>
#include <thread>
#include <unistd.h>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/version.hpp"
#include "soap/linalg/build_info.hpp"
#include "soap/linalg/instruction_set.hpp"
#include "soap/trial/json_fields.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using nlohmann::ordered_json;

ordered_json trial_json(const TrialOptions& given) {
  const TrialOptions trial = canonical(given);
  ordered_json json;
  for (const bool last : {false, true}) {
    write_settings(trial_settings, trial, json,
                   [&](const SettingRow& row) { return stands_last(row) == last; });
  }
  return json;
}

TrialOptions trial_of(const JsonFields& fields) {
  TrialOptions trial;
  read_settings(trial_settings, fields, trial, [](const SettingRow&) { return true; });
  return trial;
}

std::string universal_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

}  // namespace

std::optional<std::string> processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return std::nullopt;
}

std::string config_json(const RunConfig& config) {
  ordered_json trials = ordered_json::array();
  for (const auto& trial : config.trials) trials.push_back(trial_json(trial));
  ordered_json command = ordered_json::array();
  for (const std::string& word : config.command) command.push_back(json_of_text(word));
  ordered_json json = {
      {"program", config.program},
      {"command", std::move(command)},
      {"data", json_of_text(config.data)},
      {"data_source", json_of_text(config.data_source)},
      {"validation", config.validation},
      {"data_fingerprint", config.data_fingerprint},
      {"target_loss", config.target_loss},
      {"threads", config.threads},
      {"save_model", config.save_model},
      {"checkpoint_every", config.checkpoint_every},
      {"trials", std::move(trials)},
      {"versions",
       {{"soap", version()}, {"scalar", scalar_name}, {"compiler", __VERSION__}, {"eigen", eigen_version()}}},
      {"machine",
       {{"processor", processor_name().value_or("unknown")},
        {"instruction_set", instruction_set()},
        {"hardware_threads", std::thread::hardware_concurrency()}}},
      {"started", universal_time()},
  };
  if (config.normalization) {
    json["normalization"] = {{"mean", config.normalization->mean},
                             {"standard_deviation", config.normalization->standard_deviation}};
  }
  if (config.evaluations > 0) {
    json["evaluations"] = config.evaluations;
    json["baseline"] = json_of_text(config.baseline);
    json["out"] = json_of_text(config.out);
  }
  // The processor's name is the system's, whatever its bytes.
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

RunConfig parse_config(const std::string& json, const std::string& path) {
  const ordered_json parsed = parse_json(json, path, "the configuration of a run");
  const JsonFields fields(parsed, path);
  RunConfig config;
  config.program = fields.text("program");
  config.command = fields.texts("command");
  config.data = fields.text("data");
  config.data_source = fields.text("data_source");
  config.validation = fields.integer("validation", 0);
  config.data_fingerprint = fields.text("data_fingerprint");
  config.target_loss = fields.number("target_loss", above_0);
  config.threads = static_cast<int>(fields.integer("threads", 1, std::numeric_limits<int>::max()));
  config.save_model = fields.truth("save_model");
  config.checkpoint_every = fields.integer("checkpoint_every", 0);
  if (fields.has("normalization")) {
    const JsonFields normalization = fields.object("normalization");
    config.normalization = {.mean = normalization.number("mean", any_number),
                            .standard_deviation = normalization.number("standard_deviation", above_0)};
  }
  if (fields.has("evaluations")) {
    config.evaluations = fields.integer("evaluations", 0);
    config.baseline = fields.text("baseline");
    config.out = fields.text("out");
  }
  for (const JsonFields& trial : fields.objects("trials")) config.trials.push_back(trial_of(trial));
  const std::string scalar = fields.object("versions").text("scalar");
  if (scalar != scalar_name) throw IoError(path, IoError::no_offset, "a run in " + scalar, scalar_name);
  if (config.trials.empty()) throw IoError(path, IoError::no_offset, "no trials", "at least one");
  return config;
}

std::string trial_text(const TrialOptions& trial) {
  return trial_json(trial).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace SOAP_ABI
}  // namespace soap
