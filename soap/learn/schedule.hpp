// Learning-rate schedules.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"
#include "soap/base/spec.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// How far a training run has come when a step begins.
struct TrainingProgress {
  std::int64_t step;  ///< steps taken, from 0
  std::int64_t steps_per_epoch;
  std::int64_t total_steps;
};

/// The factor on the optimizer's learning rate for the step about to be taken. Any function will do.
using Schedule = std::function<double(const TrainingProgress&)>;

namespace schedule {

/// 1 throughout.
Schedule constant();
/// Multiplied by `factor` when each of these epochs has passed. Throws std::invalid_argument unless the
/// epochs increase from at least 1 and the factor is a finite number above 0.
Schedule multi_step(std::vector<std::int64_t> epochs, double factor = 0.1);
/// From 1 down to `final_factor` at the end of training along half a cosine (Loshchilov and Hutter, 2017).
/// Throws std::invalid_argument unless final_factor lies in [0, 1].
Schedule cosine(double final_factor = 0);
/// Rises linearly over the first steps, 1/steps at the first, times what `then` says.
Schedule warm_up(std::int64_t steps, Schedule then = constant());

}  // namespace schedule

/// By name: "constant", "multi_step:epochs=5/8:factor=0.1", "cosine:final=0.01"; each takes "warmup=STEPS"
/// too.
Schedule make_schedule(std::string_view text);

/// The text that all spellings of the same parameters share, see Spec. Throws as `make_schedule`.
std::string canonical_schedule(std::string_view text);
/// The same with all parameters: "cosine:final=0:warmup=0".
std::string complete_schedule(std::string_view text);

/// Makes a schedule from the parameters of a text, "warmup" apart.
using ScheduleFactory = std::function<Schedule(Spec&)>;

/// Gives a name to a schedule of the user's own; `meaning` is a few words on it for whoever asks for help.
/// Throws std::invalid_argument when the name is taken or no name, see `check_name`.
void register_schedule(const std::string& name, ScheduleFactory factory, std::string meaning = "");

std::vector<std::string> schedule_names();
/// What a text such as "help" or "cosine:help" asks to know, see `spec_help`.
std::optional<std::string> schedule_help(std::string_view text);

}  // namespace SOAP_ABI
}  // namespace soap
