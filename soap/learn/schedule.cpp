#include "soap/learn/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>

#include "soap/base/spec_help.hpp"
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

// Every schedule's last parameter. It is taken before the schedule is made of the others, which may be
// refused.
std::int64_t take_warm_up(Spec& spec) {
  return spec.take_integer("warmup", 0, 0, "steps over which the rate rises from 0, linearly");
}

Schedule after_warm_up(std::int64_t steps, Schedule then) {
  if (steps == 0) return then;
  return schedule::warm_up(steps, std::move(then));
}

Schedule make_constant(Spec& spec) { return after_warm_up(take_warm_up(spec), schedule::constant()); }

Schedule make_multi_step(Spec& spec) {
  std::vector<std::int64_t> epochs = spec.take_integers(
      "epochs", "after how many epochs the rate is multiplied, increasing from at least 1");
  const double factor = spec.take_number("factor", 0.1, 0, "by which; above 0");
  const std::int64_t warm_up_steps = take_warm_up(spec);
  return after_warm_up(warm_up_steps, schedule::multi_step(std::move(epochs), factor));
}

Schedule make_cosine(Spec& spec) {
  const double final_factor = spec.take_number("final", 0, 0, "share of the rate at the end; at most 1");
  const std::int64_t warm_up_steps = take_warm_up(spec);
  return after_warm_up(warm_up_steps, schedule::cosine(final_factor));
}

struct Entry {
  const char* name;
  const char* meaning;
  Schedule (*factory)(Spec&);
};

constexpr Entry entries[] = {
    {"constant", "the same rate throughout", make_constant},
    {"multi_step", "multiplied by a factor when each of some epochs has passed", make_multi_step},
    {"cosine", "down to the end of training along half a cosine", make_cosine},
};

Schedule make(Spec& spec) {
  const auto* const found = std::find_if(std::begin(entries), std::end(entries),
                                         [&](const Entry& entry) { return entry.name == spec.name(); });
  if (found == std::end(entries))
    throw std::invalid_argument(unknown_name("schedule", spec.name(), schedule_names()));
  Schedule made = found->factory(spec);
  spec.finish();
  return made;
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

std::vector<std::string> schedule_names() {
  std::vector<std::string> names;
  names.reserve(std::size(entries));
  for (const Entry& entry : entries) names.emplace_back(entry.name);
  return names;
}

std::optional<std::string> schedule_help(std::string_view text) {
  std::vector<SpecName> names;
  names.reserve(std::size(entries));
  for (const Entry& entry : entries) names.push_back({entry.name, entry.meaning, entry.factory});
  return spec_help("schedule", names, text);
}

}  // namespace soap::inline SOAP_ABI
