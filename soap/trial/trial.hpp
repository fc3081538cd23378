// One training run as a pure function of its settings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "soap/data/image_dataset.hpp"
#include "soap/io/metrics_csv.hpp"
#include "soap/learn/trainer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A multilayer perceptron, a rule and how to train it. Trials that differ only in the rule share initial
/// weights and minibatches. Each member has its row in `trial_settings`.
struct TrialOptions {
  std::string rule = "bp";            ///< see make_learning
  std::string step = "backward";      ///< see make_step
  std::vector<Index> hidden = {256};  ///< units of each hidden layer
  std::string activation = "tanh";    ///< see make_activation
  std::string initializer = "xavier_normal";
  std::string loss = "softmax_cross_entropy";  ///< see make_loss
  std::string optimizer = "sgd";               ///< see make_optimizer
  double lr = 0.01;
  std::string schedule = "constant";  ///< see make_schedule
  Index batch_size = 64;
  BatchSizes batch_sizes = BatchSizes::even;
  std::int64_t epochs = 2;
  std::uint64_t seed = 1;
  // Of single sources of chance, see ChanceSource; nothing: `seed`.
  std::optional<std::uint64_t> init_seed = {};
  std::optional<std::uint64_t> order_seed = {};
  std::optional<std::uint64_t> feedback_seed = {};
  std::int64_t log_interval = 1;          ///< steps between rows of metrics.csv
  std::int64_t diagnostics_interval = 0;  ///< steps between samples of diagnostics.csv; 0: none are taken
};

/// The same settings with every text in its canonical form, see Spec: "sign:period=6400" becomes "sign",
/// whose period that is, and "sgd:momentum=0.90" becomes "sgd:momentum=0.9". Of a rule that is a step by
/// itself the step is that rule. This form makes names and keys, so that a setting has one of each, however
/// it was spelled. Throws std::invalid_argument for texts that are not valid.
TrialOptions canonical(TrialOptions options);

/// The learning rate to begin with: the optimizer's own, else that of the rule's step. Throws as `canonical`.
double usual_lr(const TrialOptions& options);

enum class TrialStatus {
  finished,
  diverged,
  stopped,  ///< by an observer, before its last epoch
  failed,   ///< its training step could not go on
};

/// Whether a trial ended before its last epoch because of what it is: this, too, is its result.
constexpr bool broke_off(TrialStatus status) {
  return status == TrialStatus::diverged || status == TrialStatus::failed;
}

std::string to_text(TrialStatus status);

struct TrialResult {
  TrialOptions options;  ///< in their canonical form
  TrialStatus status = TrialStatus::finished;
  std::string message;                     ///< how it diverged or failed
  std::int64_t epochs = 0;                 ///< finished
  std::optional<double> final_train_loss;  ///< mean over the last 100 steps; none when it broke off
  std::optional<Evaluation> test;          ///< after the last epoch; none when the trial did not get there
  std::optional<double> examples_per_second;
  LossCurve curve;
  std::string metrics_rows;      ///< of metrics.csv
  std::string diagnostics_rows;  ///< of diagnostics.csv
};

/// Throws std::invalid_argument when a trial's settings are not valid for networks of this many inputs and
/// outputs.
void check_trial(const TrialOptions& options, Index inputs, Index outputs);

/// Whether ChanceSource::feedback is one of the trial's: a network under `bp` draws nothing but its weights.
/// Told by the state that feedbacks and step have before the first step. Throws as `check_trial`.
bool draws_feedback(const TrialOptions& options, Index inputs, Index outputs);

/// Where a trial leaves what outlives the program; see `trial_files`.
struct TrialFiles {
  std::filesystem::path model = {};       ///< the network once it has finished; empty: not saved
  std::filesystem::path checkpoint = {};  ///< the run under way, then its result; empty: not saved
  std::int64_t checkpoint_every = 1;      ///< steps
  std::string data = {};                  ///< fingerprint of the data, which must be those of the checkpoint
  std::optional<Normalization> normalization = {};  ///< of the images, for the model's file
};

/// The observers watch the run. Where there is a checkpoint the trial goes on from it, and ends with the bits
/// of one that was not interrupted; where there is a result it is returned. Throws as `check_trial`, and
/// IoError where a file cannot be written, is damaged, or belongs to other settings or data; a loss that is
/// not finite, and a step that cannot go on, are results and no errors.
TrialResult run_trial(const TrialOptions& options, const Dataset& train, const Dataset& test,
                      std::vector<std::unique_ptr<Observer>> observers = {}, const TrialFiles& files = {});

}  // namespace SOAP_ABI
}  // namespace soap
