#include "soap/sweep/sweep_trial.hpp"

#include <cmath>
#include <memory>
#include <utility>

#include "soap/trial/method.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Watches a run from its end and on its way.
class Bookkeeper final : public Observer {
 public:
  /// Without `validation` nothing is evaluated on the way.
  Bookkeeper(TrialRecord& record, const Dataset* validation) : record_(record), validation_(validation) {}

  void run_started(const RunStart& event) override {
    steps_per_epoch_ = event.steps_per_epoch;
    if (validation_ != nullptr) evaluator_.emplace(event.network, *validation_);
  }
  void step_started(const StepStart& event) override { loss_ = &event.loss; }
  void step_ended(const StepEnd& event) override {
    record_.steps = event.step;
    record_.examples = event.examples;
    learning_ = &event.learning;
    const std::int64_t step_of_epoch = event.step - (event.epoch - 1) * steps_per_epoch_;
    // The last evaluation of an epoch is the trainer's own.
    if (!evaluator_ || step_of_epoch == steps_per_epoch_ || !is_due(step_of_epoch)) return;
    sample(event.network, evaluator_->evaluate(event.network, *loss_));
  }
  void epoch_ended(const EpochEnd& event) override {
    if (evaluator_ && event.evaluation) sample(event.network, *event.evaluation);
  }
  void run_ended(const RunEnd& event) override {
    if (event.outcome == RunOutcome::ended && learning_ != nullptr)
      record_.transported_bits = bits(event.network);
  }

 private:
  // The steps at which another whole share of the epoch is over.
  [[nodiscard]] bool is_due(std::int64_t step_of_epoch) const {
    const std::int64_t shares = record_.setting.evaluations;
    return step_of_epoch * shares / steps_per_epoch_ > (step_of_epoch - 1) * shares / steps_per_epoch_;
  }
  [[nodiscard]] std::optional<double> bits(Network& network) const {
    return learning_->transported_bits(network, record_.steps);
  }
  void sample(Network& network, const Evaluation& evaluation) {
    if (!evaluation.accuracy || !std::isfinite(evaluation.loss)) return;
    record_.samples.push_back({.examples = record_.examples,
                               .loss = evaluation.loss,
                               .accuracy = *evaluation.accuracy,
                               .transported_bits = bits(network)});
  }

  TrialRecord& record_;
  const Dataset* validation_;
  std::optional<Evaluator> evaluator_;
  std::int64_t steps_per_epoch_ = 1;
  const Loss* loss_ = nullptr;
  const LearningStep* learning_ = nullptr;
};

const TrainTest& data_of(const TrialSetting& setting, const SweepData& data) {
  return setting.validation > 0 ? data.tuning : data.judging;
}

}  // namespace

std::optional<TrialRecord> run_sweep_trial(const TrialSetting& setting, const SweepData& data,
                                           const std::function<bool()>& stop_requested) {
  const TrainTest& images = data_of(setting, data);
  TrialRecord record;
  record.setting = setting;
  record.setting.options = canonical(setting.options);
  record.classes = images.train.outputs();
  record.passes_per_example = Method(setting.options).passes();

  std::vector<std::unique_ptr<Observer>> observers;
  observers.push_back(std::make_unique<Bookkeeper>(record, setting.validation > 0 ? &images.test : nullptr));
  observers.push_back(every_step([&](const StepEnd& event) {
    if (stop_requested && stop_requested()) event.control.stop();
  }));
  const TrialResult result = run_trial(setting.options, images.train, images.test, std::move(observers));
  if (result.status == TrialStatus::stopped) return std::nullopt;
  record.status = result.status;
  record.message = result.message;
  record.epochs = result.epochs;
  record.final_train_loss = result.final_train_loss;
  record.judged = result.test;
  record.steps_to_target = steps_to_loss(result.curve, setting.target_loss);
  return record;
}

double trial_work(const TrialSetting& setting, const SweepData& data) {
  const TrialOptions& options = setting.options;
  const TrainTest& images = data_of(setting, data);
  double weights = 0;
  auto below = static_cast<double>(images.train.features());
  for (const Index size : options.hidden) {
    weights += below * static_cast<double>(size);
    below = static_cast<double>(size);
  }
  weights += below * static_cast<double>(images.train.outputs());
  constexpr double products_a_pass = 3;  // forward, error and gradient
  const double trained =
      products_a_pass * Method(options).passes() * static_cast<double>(images.train.size());
  const auto evaluations = static_cast<double>(setting.validation > 0 ? setting.evaluations : 1);
  const double evaluated = evaluations * static_cast<double>(images.test.size());
  return weights * static_cast<double>(options.epochs) * (trained + evaluated);
}

}  // namespace SOAP_ABI
}  // namespace soap
