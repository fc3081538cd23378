#include "soap/experiment/run_config.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "soap/base/version.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/build_info.hpp"
#include "soap/linalg/instruction_set.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using nlohmann::ordered_json;

ordered_json trial_json(const TrialOptions& trial) {
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
          {"epochs", trial.epochs},
          {"log_interval", trial.log_interval},
          {"diagnostics_interval", trial.diagnostics_interval}};
}

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
  const ordered_json json = {
      {"program", config.program},
      {"command", config.command},
      {"data", config.data},
      {"target_loss", config.target_loss},
      {"threads", config.threads},
      {"trials", trials},
      {"versions",
       {{"soap", version()},
        {"scalar", sizeof(Scalar) == sizeof(float) ? "float" : "double"},
        {"compiler", __VERSION__},
        {"eigen", eigen_version()}}},
      {"machine",
       {{"processor", processor_name()},
        {"instruction_set", instruction_set()},
        {"hardware_threads", std::thread::hardware_concurrency()}}},
      {"started", universal_time()},
  };
  // A command line may hold bytes that are not UTF-8, in a file's name; JSON may not.
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace soap::inline SOAP_ABI
