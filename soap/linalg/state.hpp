// What a checkpoint must hold, shown piece by piece.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Is shown the state that a checkpoint must hold: matrices and counters, by name. It may read what it is
/// shown or replace it. Matrices keep their shapes, and counters are at least 0; one that says how many
/// matrices there are is shown before them.
class StateVisitor {
 public:
  virtual ~StateVisitor() = default;
  virtual void matrix(std::string_view name, Ref value) = 0;
  virtual void counter(std::string_view name, std::int64_t& value) = 0;

  /// As the counter 0 or 1. Throws std::invalid_argument when the visitor leaves another one.
  void flag(std::string_view name, bool& value);

  /// As the flag `name` and what show(Value&) shows of the value, or of a default one where there is none.
  template <class Value, class Show>
  void optional(std::string_view name, std::optional<Value>& value, Show show) {
    bool there = value.has_value();
    flag(name, there);
    Value shown = value.value_or(Value{});
    show(shown);
    value = there ? std::optional(std::move(shown)) : std::nullopt;
  }
};

/// Hands everything on with a prefix before its name.
class PrefixedVisitor final : public StateVisitor {
 public:
  /// The visitor is borrowed.
  PrefixedVisitor(StateVisitor& visitor, std::string prefix)
      : visitor_(visitor), prefix_(std::move(prefix)) {}

  void matrix(std::string_view name, Ref value) override {
    visitor_.matrix(prefix_ + std::string(name), value);
  }
  void counter(std::string_view name, std::int64_t& value) override {
    visitor_.counter(prefix_ + std::string(name), value);
  }

 private:
  StateVisitor& visitor_;
  std::string prefix_;
};

}  // namespace SOAP_ABI
}  // namespace soap
