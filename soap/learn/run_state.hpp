// What a training run stands on between two steps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/linalg/state.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Is shown all that a checkpoint of a run must hold, by names that are all different. It may read what it is
/// shown or replace it; what is replaced keeps its shape, while lists and texts may change their length.
class RunStateVisitor : public StateVisitor {
 public:
  virtual void number(std::string_view name, double& value) = 0;
  virtual void numbers(std::string_view name, std::vector<double>& values) = 0;
  virtual void counters(std::string_view name, std::vector<std::int64_t>& values) = 0;
  virtual void text(std::string_view name, std::string& value) = 0;

  using StateVisitor::optional;
  /// As a list of one number or none. Throws std::invalid_argument when the visitor leaves more.
  void optional(std::string_view name, std::optional<double>& value);
};

/// A run that can be saved and put back between two steps.
class RunState {
 public:
  virtual ~RunState() = default;
  /// Shows the network, the optimizer, the step, the run's position and its observers. Throws
  /// std::invalid_argument when a visitor has put something there that no run can stand on.
  virtual void visit_state(RunStateVisitor& visitor) = 0;
  /// What a run must have in common with another one to go on with its state, by names that each name one
  /// thing: a checkpoint notes it beside the state.
  [[nodiscard]] virtual std::map<std::string, std::string> identity() { return {}; }

 protected:
  RunState() = default;
  RunState(const RunState&) = default;
  RunState(RunState&&) = default;
  RunState& operator=(const RunState&) = default;
  RunState& operator=(RunState&&) = default;
};

}  // namespace SOAP_ABI
}  // namespace soap
