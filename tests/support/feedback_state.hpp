// Setting and reading what a feedback or a training step stores.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "soap/feedback/feedback.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What a checkpoint would hold of a feedback or a training step.
struct StoredState {
  std::map<std::string, Matrix> matrices;
  std::map<std::string, std::int64_t> counters;
};

template <class Stateful>
StoredState stored_state(Stateful& owner) {
  class Reader final : public StateVisitor {
   public:
    void matrix(std::string_view name, Ref value) override { state.matrices[std::string(name)] = value; }
    void counter(std::string_view name, std::int64_t& value) override {
      state.counters[std::string(name)] = value;
    }
    StoredState state;
  } reader;
  owner.visit_state(reader);
  return reader.state;
}

/// Throws std::out_of_range when the state lacks something that the owner shows.
template <class Stateful>
void restore_state(Stateful& owner, const StoredState& state) {
  class Writer final : public StateVisitor {
   public:
    explicit Writer(const StoredState& from) : state(from) {}
    void matrix(std::string_view name, Ref value) override { value = state.matrices.at(std::string(name)); }
    void counter(std::string_view name, std::int64_t& value) override {
      value = state.counters.at(std::string(name));
    }
    const StoredState& state;
  } writer(state);
  owner.visit_state(writer);
}

/// Replaces the stored matrix of that name; returns whether there is one.
template <class Stateful>
bool set_matrix(Stateful& owner, const std::string& name, ConstRef value) {
  StoredState state = stored_state(owner);
  const auto found = state.matrices.find(name);
  if (found == state.matrices.end()) return false;
  found->second = value;
  restore_state(owner, state);
  return true;
}

/// A copy of the stored matrix of that name; empty when there is none.
template <class Stateful>
Matrix get_matrix(Stateful& owner, const std::string& name) {
  const StoredState state = stored_state(owner);
  const auto found = state.matrices.find(name);
  return found == state.matrices.end() ? Matrix() : found->second;
}

}  // namespace SOAP_ABI
}  // namespace soap
