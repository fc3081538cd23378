// Setting and reading what a feedback or a training step stores.
#pragma once

#include <string_view>

#include "soap/feedback/feedback.hpp"

namespace soap::inline SOAP_ABI {

/// Replaces the stored matrix of that name; returns whether there is one.
template <class Stateful>
bool set_matrix(Stateful& owner, std::string_view name, ConstRef value) {
  class Setter final : public StateVisitor {
   public:
    Setter(std::string_view name, ConstRef value) : name_(name), value_(value) {}
    void matrix(std::string_view name, Ref stored) override {
      if (name != name_) return;
      stored = value_;
      found = true;
    }
    void counter(std::string_view, std::int64_t&) override {}
    bool found = false;

   private:
    std::string_view name_;
    ConstView value_;
  } setter(name, value);
  owner.visit_state(setter);
  return setter.found;
}

/// A copy of the stored matrix of that name; empty when there is none.
template <class Stateful>
Matrix get_matrix(Stateful& owner, std::string_view name) {
  class Getter final : public StateVisitor {
   public:
    explicit Getter(std::string_view name) : name_(name) {}
    void matrix(std::string_view name, Ref stored) override {
      if (name == name_) value = stored;
    }
    void counter(std::string_view, std::int64_t&) override {}
    Matrix value;

   private:
    std::string_view name_;
  } getter(name);
  owner.visit_state(getter);
  return getter.value;
}

}  // namespace soap::inline SOAP_ABI
