#include "soap/experiment/run_config.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "soap/base/error.hpp"
#include "soap/base/version.hpp"
#include "soap/experiment/chance_sources.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/build_info.hpp"
#include "soap/linalg/instruction_set.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using nlohmann::ordered_json;

ordered_json ordinary_trial_json(const TrialOptions& trial) {
  return {{"rule", trial.rule},
          {"step_kind", is_step(trial.rule) ? trial.rule : trial.step},
          {"lr", trial.lr},
          {"seed", trial.seed},
          {"hidden", trial.hidden},
          {"activation", trial.activation},
          {"init", trial.initializer},
          {"loss", trial.loss},
          {"optimizer", trial.optimizer},
          {"schedule", trial.schedule},
          {"batch_size", trial.batch_size},
          {"batch_sizes", to_text(trial.batch_sizes)},
          {"epochs", trial.epochs},
          {"log_interval", trial.log_interval},
          {"diagnostics_interval", trial.diagnostics_interval}};
}

ordered_json trial_json(const TrialOptions& given) {
  const TrialOptions trial = canonical(given);
  ordered_json json = ordinary_trial_json(trial);
  write_own_seeds(trial, json);
  return json;
}

TrialOptions trial_of(const nlohmann::json& json) {
  TrialOptions trial;
  json.at("rule").get_to(trial.rule);
  if (!is_step(trial.rule)) json.at("step_kind").get_to(trial.step);
  json.at("lr").get_to(trial.lr);
  json.at("seed").get_to(trial.seed);
  json.at("hidden").get_to(trial.hidden);
  json.at("activation").get_to(trial.activation);
  json.at("init").get_to(trial.initializer);
  json.at("loss").get_to(trial.loss);
  json.at("optimizer").get_to(trial.optimizer);
  json.at("schedule").get_to(trial.schedule);
  json.at("batch_size").get_to(trial.batch_size);
  trial.batch_sizes = parse_batch_sizes(json.at("batch_sizes").get<std::string>());
  json.at("epochs").get_to(trial.epochs);
  json.at("log_interval").get_to(trial.log_interval);
  json.at("diagnostics_interval").get_to(trial.diagnostics_interval);
  read_own_seeds(json, trial);
  return trial;
}

constexpr const char* scalar_name = sizeof(Scalar) == sizeof(float) ? "float" : "double";

// The processor's name where the system tells it, as Linux does.
std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
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

std::string config_json(const RunConfig& config) {
  ordered_json trials = ordered_json::array();
  for (const auto& trial : config.trials) trials.push_back(trial_json(trial));
  ordered_json json = {
      {"program", config.program},
      {"command", config.command},
      {"data", config.data},
      {"data_source", config.data_source},
      {"validation", config.validation},
      {"data_fingerprint", config.data_fingerprint},
      {"target_loss", config.target_loss},
      {"threads", config.threads},
      {"save_model", config.save_model},
      {"checkpoint_every", config.checkpoint_every},
      {"trials", trials},
      {"versions",
       {{"soap", version()}, {"scalar", scalar_name}, {"compiler", __VERSION__}, {"eigen", eigen_version()}}},
      {"machine",
       {{"processor", processor_name()},
        {"instruction_set", instruction_set()},
        {"hardware_threads", std::thread::hardware_concurrency()}}},
      {"started", universal_time()},
  };
  if (config.evaluations > 0) {
    json["evaluations"] = config.evaluations;
    json["baseline"] = config.baseline;
    json["out"] = config.out;
  }
  // A command line may hold bytes that are not UTF-8, in a file's name; JSON may not.
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

RunConfig parse_config(const std::string& json, const std::string& path) {
  RunConfig config;
  std::string scalar;
  try {
    const auto parsed = nlohmann::json::parse(json);
    parsed.at("program").get_to(config.program);
    parsed.at("command").get_to(config.command);
    parsed.at("data").get_to(config.data);
    parsed.at("data_source").get_to(config.data_source);
    parsed.at("validation").get_to(config.validation);
    parsed.at("data_fingerprint").get_to(config.data_fingerprint);
    parsed.at("target_loss").get_to(config.target_loss);
    parsed.at("threads").get_to(config.threads);
    parsed.at("save_model").get_to(config.save_model);
    parsed.at("checkpoint_every").get_to(config.checkpoint_every);
    config.evaluations = parsed.value("evaluations", config.evaluations);
    config.baseline = parsed.value("baseline", config.baseline);
    config.out = parsed.value("out", config.out);
    for (const auto& trial : parsed.at("trials")) config.trials.push_back(trial_of(trial));
    parsed.at("versions").at("scalar").get_to(scalar);
  } catch (const std::exception& error) {
    throw IoError(path, IoError::no_offset, std::string("no run's configuration (") + error.what() + ")",
                  "one that this version has written");
  }
  if (scalar != scalar_name) throw IoError(path, IoError::no_offset, "a run in " + scalar, scalar_name);
  if (config.trials.empty()) throw IoError(path, IoError::no_offset, "no trials", "at least one");
  return config;
}

std::string trial_text(const TrialOptions& trial) {
  return trial_json(trial).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace soap::inline SOAP_ABI
