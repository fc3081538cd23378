// What a sweep keeps of a trial: its whole setting and its figures, in one small JSON file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "soap/trial/trial.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// All that a trial's figures depend on. Each member but `options` has its row in `evaluation_settings`.
struct TrialSetting {
  TrialOptions options = {};
  std::string data = {};         ///< what the images are, whatever folder they lie in: see `data_identity`
  Index validation = 0;          ///< training images held out and judged by; 0: the test set judges
  double target_loss = 0.3;      ///< of the steps to a training loss
  std::int64_t evaluations = 1;  ///< a pass over the training set, with validation images only
};

/// What a network was worth on the way.
struct TrialSample {
  std::int64_t examples = 0;  ///< seen
  double loss = 0;            ///< on the validation images, mean
  double accuracy = 0;
  std::optional<double> transported_bits = std::nullopt;  ///< until then, in all
};

struct TrialRecord {
  TrialSetting setting = {};
  TrialStatus status = TrialStatus::finished;  ///< any but `stopped`
  std::string message = {};                    ///< how it diverged or failed
  std::int64_t epochs = 0;                     ///< finished
  std::int64_t steps = 0;
  std::int64_t examples = 0;
  double passes_per_example = 1;                     ///< see LearningStep::passes
  Index classes = 1;                                 ///< at least 1; guessing gets 1/classes right
  std::optional<double> final_train_loss = {};       ///< mean over the last 100 steps; none when it broke off
  std::optional<Evaluation> judged = {};             ///< after the last epoch; none when it broke off
  std::optional<std::int64_t> steps_to_target = {};  ///< none when the loss was never reached
  std::optional<double> transported_bits = {};       ///< in all; none where a rule does not say
  std::vector<TrialSample> samples = {};             ///< of a trial with validation images
  std::string key = {};  ///< of the setting, where the record was read from a file
};

/// 16 hexadecimal digits: a hash of everything in the setting, in its canonical form. Equal settings have
/// equal keys whatever their spelling, the machine, the folders and the number of threads. A setting with a
/// name that this program does not know has no form but its own.
std::string trial_key(const TrialSetting& setting);

/// The same bytes for the same record; its setting in the form that makes its key, and a fingerprint of all
/// that stands before it at the end.
std::string to_json(const TrialRecord& record);

/// The record in a file's bytes, with its key. `path` is for messages. Throws IoError for what is not a whole
/// record whose bytes are those that were written and whose numbers are in their ranges.
TrialRecord parse_trial_record(const std::string& bytes, const std::string& path);

/// Reads a record from a file, which must lie under the key of its setting; no other spelling than the
/// canonical one has that key. Throws as `parse_trial_record`, and IoError when the file cannot be read.
TrialRecord read_trial_record(const std::filesystem::path& path);

/// The name of the data, their numbers, and a hash of the images, labels and normalization of both sets:
/// "MNIST, 60000+10000 images, 784 inputs, 10 classes, 0123456789abcdef".
std::string data_identity(const TrainTest& data);

// The names below are read off the setting as it is: of a canonical one, which every record's is, see
// `canonical`.

/// The name of the network, data and length of training: what a rule is given, where the rest of a setting
/// is what is chosen for it. Records with one text can be compared.
std::string problem_of(const TrialSetting& setting);

/// See method_name.
std::string method_of(const TrialSetting& setting);

/// What is chosen for a rule by its validation accuracy: learning rate, optimizer, schedule, batch size and
/// initial weights.
std::string choice_of(const TrialSetting& setting);

/// How a trial was judged; trials that differ in it cannot be compared.
std::string evaluation_of(const TrialSetting& setting);

}  // namespace SOAP_ABI
}  // namespace soap
