#include "soap/learn/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>

#include "soap/base/spec.hpp"
#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

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

Schedule make(Spec& spec) {
  Schedule made;
  if (spec.name() == "constant") {
    made = schedule::constant();
  } else if (spec.name() == "multi_step") {
    std::vector<std::int64_t> epochs = spec.take_integers("epochs");
    made = schedule::multi_step(std::move(epochs), spec.take_number("factor", 0.1, 0));
  } else if (spec.name() == "cosine") {
    made = schedule::cosine(spec.take_number("final", 0, 0));
  } else {
    throw std::invalid_argument(unknown_name("schedule", spec.name(), schedule_names()));
  }
  const std::int64_t warm_up_steps = spec.take_integer("warmup", 0, 0);
  spec.finish();
  return warm_up_steps == 0 ? made : schedule::warm_up(warm_up_steps, std::move(made));
}

}  // namespace

Schedule make_schedule(std::string_view text) {
  Spec spec("schedule", text);
  return make(spec);
}

std::string canonical_schedule(std::string_view text) {
  Spec spec("schedule", text);
  (void)make(spec);
  return spec.canonical();
}

std::string complete_schedule(std::string_view text) {
  Spec spec("schedule", text);
  (void)make(spec);
  return spec.complete();
}

std::vector<std::string> schedule_names() { return {"constant", "multi_step", "cosine"}; }

}  // namespace soap::inline SOAP_ABI
