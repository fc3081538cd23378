#include "soap/trial/trial_files.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/fingerprint.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/io/checkpoint.hpp"
#include "soap/io/folder.hpp"
#include "soap/trial/run_directory.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

namespace fs = std::filesystem;

constexpr const char* state_key = "state";

// What a file must agree with before its trial goes on from it.
FileNotes notes(const TrialFiles& files, const TrialOptions& options, const char* state) {
  return {{state_key, state}, {"settings", trial_text(options)}, {"data", files.data}};
}

void make_folder_for(const fs::path& file) {
  if (file.has_parent_path()) make_folder(file.parent_path());
}

// Keeps what file systems and shells take as it is; everything else becomes something that nothing else
// becomes.
std::string file_text(const std::string& text) {
  constexpr std::string_view kept = "._=-";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string made;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const auto byte = static_cast<unsigned char>(c);
    if (plain || kept.find(c) != std::string_view::npos) {
      made += c;
    } else if (c == ':') {
      made += ',';
    } else if (c == '/') {
      made += '+';
    } else {
      made += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return made;
}

std::vector<double> list_of(const std::optional<double>& value) {
  return value ? std::vector{*value} : std::vector<double>{};
}

void visit_optional(RunStateVisitor& visitor, std::string_view name, std::optional<double>& value) {
  std::vector<double> list = list_of(value);
  visitor.numbers(name, list);
  if (list.size() > 1)
    throw std::invalid_argument(std::string(name) + ": found several numbers, expected one or none");
  value = list.empty() ? std::nullopt : std::optional(list.front());
}

// A result as a file holds it.
class ResultState final : public RunState {
 public:
  explicit ResultState(TrialResult& result) : result_(result) {}
  void visit_state(RunStateVisitor& visitor) override {
    auto status = static_cast<std::int64_t>(result_.status);
    visitor.counter("result.status", status);
    if (status > static_cast<std::int64_t>(TrialStatus::failed))
      throw std::invalid_argument("result.status: found " + std::to_string(status) + ", expected 0 to 3");
    result_.status = static_cast<TrialStatus>(status);
    visitor.text("result.message", result_.message);
    visitor.counter("result.epochs", result_.epochs);
    visit_optional(visitor, "result.final_train_loss", result_.final_train_loss);
    visit_evaluation(visitor, "result.test", result_.test);
    visit_optional(visitor, "result.examples_per_second", result_.examples_per_second);
    visitor.counters("result.curve.steps", result_.curve.steps);
    visitor.numbers("result.curve.losses", result_.curve.losses);
    visitor.text("result.metrics", result_.metrics_rows);
    visitor.text("result.diagnostics", result_.diagnostics_rows);
  }

 private:
  TrialResult& result_;
};

class Checkpointer final : public Observer {
 public:
  Checkpointer(TrialFiles files, const TrialOptions& options)
      : files_(std::move(files)), notes_(notes(files_, options, "run")) {}
  void run_started(const RunStart&) override { make_folder_for(files_.checkpoint); }
  void step_ended(const StepEnd& event) override {
    if (event.step % files_.checkpoint_every != 0 && !event.control.stop_requested()) return;
    save_checkpoint(files_.checkpoint, *event.state, notes_);
  }

 private:
  TrialFiles files_;
  FileNotes notes_;
};

}  // namespace

std::string trial_name(const TrialOptions& options) {
  const bool own_step = options.step != TrialOptions().step && options.step != options.rule;
  const std::string method =
      file_text(options.rule) + (own_step ? std::string("@").append(file_text(options.step)) : "");
  // File systems take 255 bytes.
  constexpr std::size_t longest = 180;
  const std::string shown =
      method.size() <= longest ? method : method.substr(0, longest) + "~" + to_hex(fingerprint(method));
  return shown + "-seed-" + std::to_string(options.seed);
}

std::vector<TrialFiles> trial_files(const RunConfig& config, const fs::path& run_directory) {
  std::vector<TrialFiles> all;
  std::vector<std::string> names;
  for (const TrialOptions& trial : config.trials) {
    std::string name = trial_name(canonical(trial));
    // Trials that differ in something else.
    const auto same = std::count(names.begin(), names.end(), name);
    names.push_back(name);
    if (same > 0) name.append("-").append(std::to_string(same + 1));
    name += ".safetensors";
    TrialFiles files{.data = config.data_fingerprint, .normalization = config.normalization};
    if (config.save_model) files.model = run_directory / models_folder / name;
    if (config.checkpoint_every > 0) files.checkpoint = run_directory / checkpoints_folder / name;
    files.checkpoint_every = config.checkpoint_every;
    all.push_back(std::move(files));
  }
  return all;
}

std::unique_ptr<Observer> checkpointer(const TrialFiles& files, const TrialOptions& options) {
  return std::make_unique<Checkpointer>(files, options);
}

Saved saved_state(const TrialFiles& files, const TrialOptions& options) {
  if (files.checkpoint.empty() || kind_of(files.checkpoint, "a checkpoint") == FileKind::none)
    return Saved::nothing;
  const TensorFile file = read_safetensors(files.checkpoint);
  const auto state = file.metadata.find(state_key);
  const bool result = state != file.metadata.end() && state->second == "result";
  check_notes(file, notes(files, options, result ? "result" : "run"), files.checkpoint.string());
  return result ? Saved::result : Saved::run;
}

void restore_run(const TrialFiles& files, const TrialOptions& options, RunState& state) {
  load_checkpoint(files.checkpoint, state, notes(files, options, "run"));
}

void save_trained(const TrialFiles& files, const TrialOptions& options, Network& network) {
  make_folder_for(files.model);
  save_model(files.model, network,
             {.normalization = files.normalization, .texts = {{"settings", trial_text(options)}}});
}

void save_result(const TrialFiles& files, TrialResult& result) {
  make_folder_for(files.checkpoint);
  ResultState state(result);
  save_checkpoint(files.checkpoint, state, notes(files, result.options, "result"));
}

TrialResult load_result(const TrialFiles& files, const TrialOptions& options) {
  TrialResult result;
  ResultState state(result);
  load_checkpoint(files.checkpoint, state, notes(files, options, "result"));
  result.options = options;
  return result;
}

}  // namespace SOAP_ABI
}  // namespace soap
