#include "soap/learn/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <numeric>
#include <string>
#include <system_error>
#include <utility>

#include "soap/base/clock.hpp"
#include "soap/base/error.hpp"
#include "soap/base/text.hpp"
#include "soap/linalg/state.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr std::size_t final_loss_window = 100;

// The lowest layer that turns this input into something that is not finite.
std::string find_faulty_layer(Network& network, ConstRef x) {
  Workspace workspace(network, x.cols());
  network.forward(x, workspace, Phase::evaluation);
  for (std::size_t l = 0; l < network.depth(); ++l) {
    if (!workspace.output(l).allFinite()) return name_layer(network, l);
  }
  return "the loss";
}

void check_fits(const char* which, const Dataset& data, const Network& network) {
  if (data.size() < 1) throw std::invalid_argument(std::string(which) + " data: found no examples");
  if (data.features() == network.inputs() && data.outputs() == network.outputs()) return;
  throw std::invalid_argument(std::string(which) + " data: found " + std::to_string(data.features()) +
                              " features and " + std::to_string(data.outputs()) +
                              " outputs, the network expects " + std::to_string(network.inputs()) + " and " +
                              std::to_string(network.outputs()));
}

void expect_restore(const Trainer::Restore& restore) {
  if (!restore) throw std::invalid_argument("trainer: found nothing that restores a run, expected it");
}

}  // namespace

Diverged::Diverged(std::int64_t epoch, std::int64_t step, std::string layer, const std::string& found)
    : std::runtime_error("training diverged at epoch " + std::to_string(epoch) + ", step " +
                         std::to_string(step) + ": " + found + ", first in " + layer),
      epoch_(epoch),
      step_(step),
      layer_(std::move(layer)) {}

StepFailed::StepFailed(std::int64_t epoch, std::int64_t step, const std::string& reason)
    : std::runtime_error("training cannot go on at epoch " + std::to_string(epoch) + ", step " +
                         std::to_string(step) + ": " + reason),
      epoch_(epoch),
      step_(step) {}

Trainer::Trainer(Network& network, const Loss& loss, Optimizer& optimizer, TrainerOptions options,
                 std::unique_ptr<LearningStep> step)
    : network_(network),
      loss_(loss),
      optimizer_(optimizer),
      options_(std::move(options)),
      step_(std::move(step)) {
  if (options_.epochs < 1) {
    throw std::invalid_argument("epochs: found " + std::to_string(options_.epochs) + ", expected at least 1");
  }
  if (options_.batch_size < 1) {
    throw std::invalid_argument("batch size: found " + std::to_string(options_.batch_size) +
                                ", expected at least 1");
  }
  if (!options_.schedule) throw std::invalid_argument("schedule: found none, expected one");
  if (!step_) throw std::invalid_argument("trainer: found no step, expected one");
}

void Trainer::observe(std::unique_ptr<Observer> observer) {
  if (!observer) throw std::invalid_argument("trainer: found no observer, expected one");
  owned_.push_back(std::move(observer));
  observe(*owned_.back());
}

void Trainer::observe(Observer& observer) { observers_.push_back(&observer); }

// What one call of `fit` keeps.
class Trainer::Run final : public RunState {
 public:
  Run(Trainer& trainer, const Dataset& train, const Dataset* held_out)
      : trainer_(trainer),
        train_(train),
        order_(train.size(), trainer.options_.batch_size, trainer.options_.seed,
               trainer.options_.batch_sizes) {
    const Index capacity = order_.before(1);  // no batch is larger than the first
    batch_.reserve(train.features(), train.outputs(), capacity);
    trainer.step_->prepare(trainer.network_, capacity,
                           trainer.options_.step_seed.value_or(trainer.options_.seed));
    trainer.optimizer_.attach(trainer.network_);
    last_losses_.reserve(final_loss_window);
    if (held_out != nullptr) evaluator_.emplace(trainer.network_, *held_out);
  }

  TrainingResult train(const Restore& restore) {
    const std::int64_t epochs = trainer_.options_.epochs;
    tell([&](Observer& o) { o.run_started({trainer_.network_, epochs, order_.batches()}); });
    try {
      if (restore) restore(*this);
      if (result_.steps > 0) finish_epoch(result_.epochs + 1);
      while (result_.epochs < epochs && !control_.stop_requested()) train_epoch(result_.epochs + 1);
    } catch (const Diverged&) {
      tell([&](Observer& o) { o.run_ended({trainer_.network_, RunOutcome::diverged}); });
      throw;
    } catch (const StepFailed&) {
      tell([&](Observer& o) { o.run_ended({trainer_.network_, RunOutcome::failed}); });
      throw;
    } catch (...) {
      tell_in_spite_of_errors();
      throw;
    }
    tell([&](Observer& o) { o.run_ended({trainer_.network_, RunOutcome::ended}); });
    result_.stopped = result_.epochs < epochs;
    result_.final_train_loss = std::accumulate(last_losses_.begin(), last_losses_.end(), 0.0) /
                               static_cast<double>(last_losses_.size());
    return result_;
  }

  // Between two steps of an epoch, or after the last one and before its evaluation. What follows from the
  // number of steps is not saved.
  void visit_state(RunStateVisitor& visitor) override {
    trainer_.network_.visit_state(visitor);
    PrefixedVisitor optimizer(visitor, "optimizer.");
    trainer_.optimizer_.visit_state(optimizer);
    PrefixedVisitor step(visitor, "step.");
    trainer_.step_->visit_state(step);
    visitor.counter("trainer.steps", result_.steps);
    visitor.counter("trainer.epochs_started", trainer_.epochs_started_);
    visitor.counter("trainer.examples_seen", trainer_.examples_seen_);
    visitor.number("trainer.epoch_loss_sum", loss_sum_);
    visitor.numbers("trainer.last_losses", last_losses_);
    visitor.number("trainer.seconds", result_.seconds);
    visit_evaluation(visitor, "trainer.evaluation", result_.evaluation);
    find_position();
    tell([&](Observer& o) { o.visit_state(visitor); });
  }

  // All that the bits of a run depend on, as far as it has a text: a schedule is a function, and the rates of
  // an optimizer may be changed on the way.
  [[nodiscard]] std::map<std::string, std::string> identity() override {
    const TrainerOptions& options = trainer_.options_;
    auto parts = layers_and_rules(trainer_.network_);
    parts["trainer.loss"] = trainer_.loss_.name();
    parts["trainer.step"] = trainer_.step_->kind();
    parts["trainer.examples"] = std::to_string(train_.size());
    parts["trainer.batch_size"] = std::to_string(options.batch_size);
    parts["trainer.batch_sizes"] = options.batch_sizes == BatchSizes::even ? "even" : "full_but_last";
    parts["trainer.seed"] = std::to_string(options.seed);
    parts["trainer.step_seed"] = std::to_string(options.step_seed.value_or(options.seed));
    return parts;
  }

 private:
  // Epochs and examples from the steps taken, none before the first one; the epoch of the last step is not
  // finished.
  void find_position() {
    const std::int64_t last = order_.batches() * trainer_.options_.epochs;
    check_position("steps", result_.steps, 0, last);
    const std::int64_t started = (result_.steps + order_.batches() - 1) / order_.batches();
    result_.epochs = std::max<std::int64_t>(started - 1, 0);
    result_.examples = result_.epochs * train_.size() + order_.before(batches_taken());
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 2;
    check_position("epochs_started", trainer_.epochs_started_, started, most);
    check_position("examples_seen", trainer_.examples_seen_, result_.examples, most);
    const std::int64_t losses = std::min<std::int64_t>(result_.steps, final_loss_window);
    check_position("last_losses", static_cast<std::int64_t>(last_losses_.size()), losses, losses);
  }

  static void check_position(const char* name, std::int64_t found, std::int64_t least, std::int64_t most) {
    if (found >= least && found <= most) return;
    throw std::invalid_argument("trainer." + std::string(name) + ": found " + std::to_string(found) +
                                ", expected " + std::to_string(least) +
                                (least == most ? "" : " to " + std::to_string(most)));
  }

  // Of the epoch under way.
  [[nodiscard]] Index batches_taken() const { return result_.steps - result_.epochs * order_.batches(); }

  void train_epoch(std::int64_t epoch) {
    loss_sum_ = 0;
    ++trainer_.epochs_started_;
    finish_epoch(epoch);
  }

  // From the batch after those taken on.
  void finish_epoch(std::int64_t epoch) {
    const std::int64_t seen_before = (epoch - 1) * train_.size();
    const auto start = Clock::now();
    order_.start_epoch(static_cast<std::uint64_t>(trainer_.epochs_started_));
    result_.seconds += seconds_since(start);
    // Who looks for the layer at fault when a held-out loss is not finite wants the last batch.
    if (batches_taken() == order_.batches()) gather(order_.batches() - 1);
    for (Index i = batches_taken(); i < order_.batches(); ++i) {
      train_step(epoch, i);
      if (control_.stop_requested() && i + 1 < order_.batches()) return;
    }
    result_.epochs = epoch;
    check_parameters(epoch);
    if (evaluator_) evaluate(epoch);
    const double train_loss = loss_sum_ / static_cast<double>(result_.examples - seen_before);
    tell([&](Observer& o) {
      o.epoch_ended({trainer_.network_, control_, epoch, result_.steps, result_.examples, train_loss,
                     result_.evaluation, result_.seconds});
    });
  }

  void train_step(std::int64_t epoch, Index i) {
    auto start = Clock::now();
    gather(i);
    const double lr_factor =
        trainer_.options_.schedule({.step = result_.steps,
                                    .steps_per_epoch = order_.batches(),
                                    .total_steps = order_.batches() * trainer_.options_.epochs});
    result_.seconds += seconds_since(start);
    tell([&](Observer& o) {
      o.step_started({trainer_.network_, trainer_.loss_, batch_, epoch, result_.steps + 1});
    });
    start = Clock::now();
    const double loss = take_step(epoch, lr_factor);
    result_.seconds += seconds_since(start);
    ++result_.steps;
    result_.examples += batch_.size();
    trainer_.examples_seen_ += batch_.size();
    if (!std::isfinite(loss)) {
      throw Diverged(epoch, result_.steps, find_faulty_layer(trainer_.network_, batch_.inputs()),
                     "the loss is " + to_text(loss));
    }
    keep(loss);
    loss_sum_ += loss * static_cast<double>(batch_.size());
    tell([&](Observer& o) {
      o.step_ended({trainer_.network_, control_, epoch, result_.steps, result_.examples, loss,
                    trainer_.optimizer_.lr() * lr_factor, result_.seconds, batch_, *trainer_.step_, this});
    });
  }

  double take_step(std::int64_t epoch, double lr_factor) {
    try {
      return trainer_.step_->run(batch_, {trainer_.network_, trainer_.loss_, trainer_.optimizer_,
                                          trainer_.examples_seen_, lr_factor});
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::system_error&) {
      throw;
    } catch (const IoError&) {
      throw;
    } catch (const std::exception& error) {
      throw StepFailed(epoch, result_.steps + 1, error.what());
    }
  }

  void gather(Index i) {
    const auto examples = order_.batch(i);
    batch_.resize(static_cast<Index>(examples.size()));
    train_.gather(examples, batch_);
  }

  void evaluate(std::int64_t epoch) {
    result_.evaluation = evaluator_->evaluate(trainer_.network_, trainer_.loss_);
    if (!std::isfinite(result_.evaluation->loss)) {
      // The training batch at hand nearly always shows the same fault.
      throw Diverged(epoch, result_.steps, find_faulty_layer(trainer_.network_, batch_.inputs()),
                     "the held-out loss is " + to_text(result_.evaluation->loss));
    }
  }

  // The last update of a run can go wrong without any later loss to show it.
  void check_parameters(std::int64_t epoch) {
    Network& network = trainer_.network_;
    for (std::size_t l = 0; l < network.depth(); ++l) {
      network.layer(l).visit_parameters([&](Parameter parameter) {
        if (!parameter.value.allFinite()) {
          throw Diverged(epoch, result_.steps, name_layer(network, l),
                         "a " + std::string(parameter.name) + " is not finite");
        }
      });
    }
  }

  void keep(double loss) {
    const auto place = static_cast<std::size_t>(result_.steps - 1) % final_loss_window;
    if (last_losses_.size() < final_loss_window) {
      last_losses_.push_back(loss);
    } else {
      last_losses_[place] = loss;
    }
  }

  template <class Call>
  void tell(Call call) {
    for (Observer* observer : trainer_.observers_) call(*observer);
  }

  // The error under way is the one that the caller hears of.
  void tell_in_spite_of_errors() noexcept {
    for (Observer* observer : trainer_.observers_) {
      try {
        observer->run_ended({trainer_.network_, RunOutcome::interrupted});
      } catch (...) {
        continue;
      }
    }
  }

  Trainer& trainer_;
  const Dataset& train_;
  BatchOrder order_;
  Batch batch_;
  std::optional<Evaluator> evaluator_;
  TrainingControl control_;
  TrainingResult result_;
  double loss_sum_ = 0;              // over the examples of the epoch under way
  std::vector<double> last_losses_;  // of the last steps, in no order
};

TrainingResult Trainer::resume(const Restore& restore, const Dataset& train) {
  expect_restore(restore);
  return fit(train, nullptr, restore);
}

TrainingResult Trainer::resume(const Restore& restore, const Dataset& train, const Dataset& held_out) {
  expect_restore(restore);
  return fit(train, &held_out, restore);
}

TrainingResult Trainer::fit(const Dataset& train, const Dataset* held_out, const Restore& restore) {
  check_fits("training", train, network_);
  if (held_out != nullptr) check_fits("held-out", *held_out, network_);
  return Run(*this, train, held_out).train(restore);
}

}  // namespace SOAP_ABI
}  // namespace soap
