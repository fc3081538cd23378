#include "soap/learn/observer.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace soap {
inline namespace SOAP_ABI {

namespace {

class StepFilter final : public Observer {
 public:
  StepFilter(std::function<bool(std::int64_t)> wanted, StepCallback callback)
      : wanted_(std::move(wanted)), callback_(std::move(callback)) {}
  void step_ended(const StepEnd& event) override {
    if (wanted_(event.step)) callback_(event);
  }

 private:
  std::function<bool(std::int64_t)> wanted_;
  StepCallback callback_;
};

class EpochObserver final : public Observer {
 public:
  explicit EpochObserver(EpochCallback callback) : callback_(std::move(callback)) {}
  void epoch_ended(const EpochEnd& event) override { callback_(event); }

 private:
  EpochCallback callback_;
};

double held_out_loss(const EpochEnd& event, const char* who) {
  if (!event.evaluation)
    throw std::logic_error(std::string(who) + ": the run has no held-out data to judge by");
  return event.evaluation->loss;
}

class EarlyStop final : public Observer {
 public:
  explicit EarlyStop(const EarlyStopOptions& options) : options_(options) {
    if (options.patience < 1) {
      throw std::invalid_argument("early stop: patience is " + std::to_string(options.patience) +
                                  ", expected at least 1 epoch");
    }
  }
  void run_started(const RunStart&) override {
    best_ = std::numeric_limits<double>::infinity();
    waited_ = 0;
  }
  void epoch_ended(const EpochEnd& event) override {
    const double loss = held_out_loss(event, "early stop");
    if (loss < best_ - options_.least_improvement) {
      best_ = loss;
      waited_ = 0;
    } else if (++waited_ >= options_.patience) {
      event.control.stop();
    }
  }
  void visit_state(RunStateVisitor& visitor) override {
    visitor.number("early_stop.best", best_);
    visitor.counter("early_stop.waited", waited_);
  }

 private:
  EarlyStopOptions options_;
  double best_ = std::numeric_limits<double>::infinity();
  std::int64_t waited_ = 0;
};

class BestWeights final : public Observer {
 public:
  void run_started(const RunStart& event) override {
    best_ = std::numeric_limits<double>::infinity();
    save(event.network);
  }
  void epoch_ended(const EpochEnd& event) override {
    const double loss = held_out_loss(event, "best weights");
    if (!(loss < best_)) return;
    best_ = loss;
    save(event.network);
  }
  void run_ended(const RunEnd& event) override {
    if (best_ == std::numeric_limits<double>::infinity()) return;
    std::size_t i = 0;
    event.network.visit_parameters([&](Parameter parameter) { parameter.value = saved_[i++]; });
  }
  void visit_state(RunStateVisitor& visitor) override {
    visitor.number("best_weights.loss", best_);
    for (std::size_t i = 0; i < saved_.size(); ++i)
      visitor.matrix("best_weights." + std::to_string(i), saved_[i]);
  }

 private:
  void save(Network& network) {
    saved_.clear();
    network.visit_parameters([&](Parameter parameter) { saved_.emplace_back(parameter.value); });
  }

  double best_ = std::numeric_limits<double>::infinity();
  std::vector<Matrix> saved_;
};

}  // namespace

std::unique_ptr<Observer> every_step(StepCallback callback) { return every_steps(1, std::move(callback)); }

std::unique_ptr<Observer> every_steps(std::int64_t k, StepCallback callback) {
  if (k < 1)
    throw std::invalid_argument("every_steps: found k = " + std::to_string(k) + ", expected at least 1");
  return std::make_unique<StepFilter>([k](std::int64_t step) { return step % k == 0; }, std::move(callback));
}

std::unique_ptr<Observer> at_steps(std::vector<std::int64_t> steps, StepCallback callback) {
  std::sort(steps.begin(), steps.end());
  return std::make_unique<StepFilter>(
      [steps = std::move(steps)](std::int64_t step) {
        return std::binary_search(steps.begin(), steps.end(), step);
      },
      std::move(callback));
}

std::unique_ptr<Observer> every_epoch(EpochCallback callback) {
  return std::make_unique<EpochObserver>(std::move(callback));
}

std::unique_ptr<Observer> early_stop(const EarlyStopOptions& options) {
  return std::make_unique<EarlyStop>(options);
}

std::unique_ptr<Observer> best_weights() { return std::make_unique<BestWeights>(); }

}  // namespace SOAP_ABI
}  // namespace soap
