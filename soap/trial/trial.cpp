#include "soap/trial/trial.hpp"

#include <stdexcept>
#include <string_view>
#include <utility>

#include "soap/base/fingerprint.hpp"
#include "soap/io/diagnostics_csv.hpp"
#include "soap/nn/mlp.hpp"
#include "soap/trial/chance_sources.hpp"
#include "soap/trial/method.hpp"
#include "soap/trial/trial_files.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

Network make_network(const TrialOptions& options, const Learning& learning, Index inputs, Index outputs) {
  std::vector<Index> sizes = {inputs};
  sizes.insert(sizes.end(), options.hidden.begin(), options.hidden.end());
  sizes.push_back(outputs);
  return mlp(sizes, {.rule = learning.feedback,
                     .activation = options.activation,
                     .initializer = initializer_by_name(options.initializer),
                     .seed = seed_of(options, ChanceSource::init),
                     .feedback_seed = seed_of(options, ChanceSource::feedback)});
}

TrainerOptions trainer_options(const TrialOptions& options) {
  return {.epochs = options.epochs,
          .batch_size = options.batch_size,
          .seed = seed_of(options, ChanceSource::order),
          .step_seed = seed_of(options, ChanceSource::feedback),
          .schedule = make_schedule(options.schedule),
          .batch_sizes = options.batch_sizes};
}

std::optional<Diagnostics> make_diagnostics(const TrialOptions& options) {
  if (options.diagnostics_interval == 0) return std::nullopt;
  return Diagnostics({.interval = options.diagnostics_interval});
}

// Everything that it is shown, in one number.
class StateFingerprint final : public StateVisitor {
 public:
  void matrix(std::string_view name, Ref value) override {
    add(name);
    for (Index j = 0; j < value.cols(); ++j) {
      const auto column = value.col(j);
      add({reinterpret_cast<const char*>(column.data()),  // NOLINT(*-reinterpret-cast)
           static_cast<std::size_t>(column.size()) * sizeof(Scalar)});
    }
  }
  void counter(std::string_view name, std::int64_t& value) override {
    add(name);
    add(std::to_string(value));
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void add(std::string_view bytes) { value_ = fingerprint(bytes, value_); }
  std::uint64_t value_ = 0;
};

std::uint64_t prepared_state(const TrialOptions& options, Index inputs, Index outputs) {
  const Learning learning = Method(options).learning();
  Network network = make_network(options, learning, inputs, outputs);
  learning.step->prepare(network, 1, seed_of(options, ChanceSource::feedback));
  // A rule may put something else in the place of what it drew.
  network.before_step(0);
  StateFingerprint state;
  network.visit_state(state);
  learning.step->visit_state(state);
  return state.value();
}

}  // namespace

TrialOptions canonical(TrialOptions options) {
  make_canonical(trial_settings, options);
  options.step = Method(options).step();
  return options;
}

double usual_lr(const TrialOptions& options) {
  const std::optional<double> of_optimizer = usual_lr(options.optimizer);
  return of_optimizer ? *of_optimizer : Method(options).usual_lr();
}

std::string to_text(TrialStatus status) {
  switch (status) {
    case TrialStatus::finished:
      return "finished";
    case TrialStatus::diverged:
      return "diverged";
    case TrialStatus::stopped:
      return "stopped";
    case TrialStatus::failed:
      return "failed";
  }
  return "";
}

void check_trial(const TrialOptions& options, Index inputs, Index outputs) {
  const Learning learning = Method(options).learning();
  Network network = make_network(options, learning, inputs, outputs);
  learning.step->prepare(network, 1, seed_of(options, ChanceSource::feedback));
  const auto optimizer = make_optimizer(options.optimizer, options.lr);
  optimizer->attach(network);
  const auto loss = make_loss(options.loss);
  const Trainer trainer(network, *loss, *optimizer, trainer_options(options));
  const MetricsRecorder recorder({}, options.log_interval);
  (void)make_diagnostics(options);
}

bool draws_feedback(const TrialOptions& options, Index inputs, Index outputs) {
  TrialOptions other = options;
  other.feedback_seed = seed_of(options, ChanceSource::feedback) + 1;
  return prepared_state(options, inputs, outputs) != prepared_state(other, inputs, outputs);
}

TrialResult run_trial(const TrialOptions& given, const Dataset& train, const Dataset& test,
                      std::vector<std::unique_ptr<Observer>> observers, const TrialFiles& files) {
  const TrialOptions options = canonical(given);
  const Saved saved = saved_state(files, options);
  if (saved == Saved::result) return load_result(files, options);
  Learning learning = Method(options).learning();
  Network network = make_network(options, learning, train.features(), train.outputs());
  const auto optimizer = make_optimizer(options.optimizer, options.lr);
  const auto loss = make_loss(options.loss);
  TrialResult result;
  result.options = options;

  const RunLabel label = {
      .rule = options.rule, .step_kind = options.step, .lr = options.lr, .seed = options.seed};
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
  } catch (const StepFailed& failed) {
    result.status = TrialStatus::failed;
    result.message = failed.what();
    result.epochs = failed.epoch() - 1;
  }
  result.curve = recorder.curve();
  result.metrics_rows = recorder.rows();
  if (diagnostics) result.diagnostics_rows = diagnostics_rows(label, diagnostics->samples());
  if (!files.model.empty() && result.status == TrialStatus::finished) save_trained(files, options, network);
  // Last, because nothing is done again for a trial that has a result.
  if (!files.checkpoint.empty() && result.status != TrialStatus::stopped) save_result(files, result);
  return result;
}

}  // namespace SOAP_ABI
}  // namespace soap
