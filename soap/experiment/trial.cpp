#include "soap/experiment/trial.hpp"

#include <stdexcept>
#include <utility>

#include "soap/experiment/trial_files.hpp"
#include "soap/io/diagnostics_csv.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/initializer.hpp"

namespace soap::inline SOAP_ABI {

namespace {

Network make_network(const TrialOptions& options, const Learning& learning, Index inputs, Index outputs) {
  std::vector<Index> sizes = {inputs};
  sizes.insert(sizes.end(), options.hidden.begin(), options.hidden.end());
  sizes.push_back(outputs);
  return mlp(sizes, {.rule = learning.feedback,
                     .activation = options.activation,
                     .initializer = initializer_by_name(options.initializer),
                     .seed = options.seed});
}

TrainerOptions trainer_options(const TrialOptions& options) {
  return {.epochs = options.epochs,
          .batch_size = options.batch_size,
          .seed = options.seed,
          .schedule = make_schedule(options.schedule),
          .batch_sizes = options.batch_sizes};
}

std::optional<Diagnostics> make_diagnostics(const TrialOptions& options) {
  if (options.diagnostics_interval == 0) return std::nullopt;
  return Diagnostics({.interval = options.diagnostics_interval});
}

}  // namespace

std::string to_text(TrialStatus status) {
  switch (status) {
    case TrialStatus::finished:
      return "finished";
    case TrialStatus::diverged:
      return "diverged";
    case TrialStatus::stopped:
      return "stopped";
  }
  return "";
}

std::string to_text(BatchSizes sizes) { return sizes == BatchSizes::even ? "even" : "full_but_last"; }

BatchSizes parse_batch_sizes(const std::string& text) {
  for (const BatchSizes sizes : {BatchSizes::even, BatchSizes::full_but_last}) {
    if (to_text(sizes) == text) return sizes;
  }
  throw std::invalid_argument("batch sizes: found '" + text + "', expected even or full_but_last");
}

void check_trial(const TrialOptions& options, Index inputs, Index outputs) {
  Learning learning = make_learning(options.rule, options.step);
  Network network = make_network(options, learning, inputs, outputs);
  learning.step->prepare(network, 1, options.seed);
  const auto optimizer = make_optimizer(options.optimizer, options.lr);
  optimizer->attach(network);
  const auto loss = make_loss(options.loss);
  const Trainer trainer(network, *loss, *optimizer, trainer_options(options));
  const MetricsRecorder recorder({}, options.log_interval);
  (void)make_diagnostics(options);
}

TrialResult run_trial(const TrialOptions& options, const Dataset& train, const Dataset& test,
                      std::vector<std::unique_ptr<Observer>> observers, const TrialFiles& files) {
  const Saved saved = saved_state(files, options);
  if (saved == Saved::result) return load_result(files, options);
  Learning learning = make_learning(options.rule, options.step);
  Network network = make_network(options, learning, train.features(), train.outputs());
  const auto optimizer = make_optimizer(options.optimizer, options.lr);
  const auto loss = make_loss(options.loss);
  TrialResult result;
  result.options = options;
  result.step_kind = learning.kind;

  const RunLabel label = {
      .rule = options.rule, .step_kind = learning.kind, .lr = options.lr, .seed = options.seed};
  MetricsRecorder recorder(label, options.log_interval);
  std::optional<Diagnostics> diagnostics = make_diagnostics(options);
  Trainer trainer(network, *loss, *optimizer, trainer_options(options), std::move(learning.step));
  trainer.observe(recorder);
  if (diagnostics) trainer.observe(*diagnostics);
  for (auto& observer : observers) trainer.observe(std::move(observer));
  if (!files.checkpoint.empty()) trainer.observe(checkpointer(files, options));
  const auto restore = [&](RunState& state) { restore_run(files, options, state); };
  try {
    const TrainingResult training =
        saved == Saved::run ? trainer.resume(restore, train, test) : trainer.fit(train, test);
    result.status = training.stopped ? TrialStatus::stopped : TrialStatus::finished;
    result.epochs = training.epochs;
    result.final_train_loss = training.final_train_loss;
    if (!training.stopped) result.test = training.evaluation;
    result.examples_per_second = static_cast<double>(training.examples) / training.seconds;
  } catch (const Diverged& diverged) {
    result.status = TrialStatus::diverged;
    result.message = diverged.what();
    result.epochs = diverged.epoch() - 1;
  }
  result.curve = recorder.curve();
  result.metrics_rows = recorder.rows();
  if (diagnostics) result.diagnostics_rows = diagnostics_rows(label, diagnostics->samples());
  if (!files.model.empty() && result.status == TrialStatus::finished) save_trained(files, options, network);
  // Last, because nothing is done again for a trial that has a result.
  if (!files.checkpoint.empty() && result.status != TrialStatus::stopped) save_result(files, result);
  return result;
}

}  // namespace soap::inline SOAP_ABI
