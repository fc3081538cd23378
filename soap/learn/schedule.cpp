#include "soap/learn/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>

#include "soap/base/registry.hpp"
#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

Schedule schedule::constant() {
  return [](const TrainingProgress&) { return 1.0; };
}

Schedule schedule::multi_step(std::vector<std::int64_t> epochs, double factor) {
  if (epochs.empty() || epochs.front() < 1 ||
      std::adjacent_find(epochs.begin(), epochs.end(), std::greater_equal<>()) != epochs.end()) {
    throw std::invalid_argument("multi_step: expected epochs that increase from at least 1");
  }
  if (!(factor > 0) || !std::isfinite(factor)) {
    throw std::invalid_argument("multi_step: factor is " + to_text(factor) + ", expected a number above 0");
  }
  return [epochs = std::move(epochs), factor](const TrainingProgress& progress) {
    const std::int64_t epoch = progress.step / progress.steps_per_epoch;
    const auto passed = std::upper_bound(epochs.begin(), epochs.end(), epoch) - epochs.begin();
    return std::pow(factor, static_cast<double>(passed));
  };
}

Schedule schedule::cosine(double final_factor) {
  if (!(final_factor >= 0 && final_factor <= 1)) {
    throw std::invalid_argument("cosine: final is " + to_text(final_factor) +
                                ", expected a number from 0 to 1");
  }
  return [final_factor](const TrainingProgress& progress) {
    const double done = static_cast<double>(progress.step) / static_cast<double>(progress.total_steps);
    return final_factor + (1 - final_factor) * (1 + std::cos(std::numbers::pi * done)) / 2;
  };
}

Schedule schedule::warm_up(std::int64_t steps, Schedule then) {
  if (steps < 1) {
    throw std::invalid_argument("warm-up: found " + std::to_string(steps) + " steps, expected at least 1");
  }
  return [steps, then = std::move(then)](const TrainingProgress& progress) {
    const double risen = static_cast<double>(progress.step + 1) / static_cast<double>(steps);
    return std::min(risen, 1.0) * then(progress);
  };
}

namespace {

// Every schedule's last parameter.
std::function<void(Schedule&)> take_warm_up(Spec& spec) {
  const std::int64_t steps =
      spec.take_integer("warmup", 0, 0, "steps over which the rate rises from 0, linearly");
  return [steps](Schedule& made) {
    if (steps > 0) made = schedule::warm_up(steps, std::move(made));
  };
}

Schedule make_constant(Spec&) { return schedule::constant(); }

Schedule make_multi_step(Spec& spec) {
  std::vector<std::int64_t> epochs = spec.take_integers(
      "epochs", "after how many epochs the rate is multiplied, increasing from at least 1");
  const double factor = spec.take_number("factor", 0.1, 0, "by which; above 0");
  return schedule::multi_step(std::move(epochs), factor);
}

Schedule make_cosine(Spec& spec) {
  return schedule::cosine(spec.take_number("final", 0, 0, "share of the rate at the end; at most 1"));
}

Registry<Schedule>& schedules() {
  static Registry<Schedule> registry(
      "schedule",
      {
          {"constant", "the same rate throughout", make_constant},
          {"cosine", "down to the end of training along half a cosine", make_cosine},
          {"multi_step", "multiplied by a factor when each of some epochs has passed", make_multi_step},
      },
      take_warm_up);
  return registry;
}

}  // namespace

Schedule make_schedule(std::string_view text) { return schedules().make(text); }

std::string canonical_schedule(std::string_view text) { return schedules().canonical(text); }

std::string complete_schedule(std::string_view text) { return schedules().complete(text); }

void register_schedule(const std::string& name, ScheduleFactory factory, std::string meaning) {
  schedules().add({name, std::move(meaning), std::move(factory)});
}

std::vector<std::string> schedule_names() { return schedules().names(); }

std::optional<std::string> schedule_help(std::string_view text) { return schedules().help(text); }

}  // namespace SOAP_ABI
}  // namespace soap
