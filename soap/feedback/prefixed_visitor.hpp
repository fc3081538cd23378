// State by names that say whose it is.
#pragma once

#include <string>
#include <utility>

#include "soap/feedback/feedback.hpp"

namespace soap::inline SOAP_ABI {

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

/// Shows a truth that is kept as a bool, as the counter 0 or 1.
inline void visit_flag(StateVisitor& visitor, std::string_view name, bool& flag) {
  std::int64_t value = flag ? 1 : 0;
  visitor.counter(name, value);
  flag = value != 0;
}

}  // namespace soap::inline SOAP_ABI
