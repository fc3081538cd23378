// Making feedbacks, and what they send and store.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "soap/feedback/registry.hpp"
#include "soap/feedback/transpose.hpp"

#include "tests/support/matrices.hpp"

namespace soap::inline SOAP_ABI {

inline std::unique_ptr<Feedback> initialized(const std::string& rule, const EdgeShape& edge,
                                             std::uint64_t seed = 5) {
  auto feedback = make_feedback(rule);
  Rng rng(seed, "feedback");
  feedback->initialize(edge, rng);
  return feedback;
}

/// What a feedback sends below; what stood there before is NaN.
inline Matrix error_below(const Feedback& feedback, ConstRef W, ConstRef delta, const Teaching& teaching) {
  Matrix below = Matrix::Constant(W.cols(), delta.cols(), std::numeric_limits<Scalar>::quiet_NaN());
  feedback.send_down(W, delta, teaching, below);
  return below;
}
inline Matrix error_below(const Feedback& feedback, ConstRef W, ConstRef delta) {
  return error_below(feedback, W, delta, {delta, delta});
}

/// What a checkpoint would hold of a feedback.
struct StoredState {
  std::map<std::string, Matrix> matrices;
  std::map<std::string, std::int64_t> counters;
};

inline StoredState stored_state(Feedback& feedback) {
  class Reader final : public StateVisitor {
   public:
    void matrix(std::string_view name, Ref value) override { state.matrices[std::string(name)] = value; }
    void counter(std::string_view name, std::int64_t& value) override {
      state.counters[std::string(name)] = value;
    }
    StoredState state;
  } reader;
  feedback.visit_state(reader);
  return reader.state;
}

/// Throws std::out_of_range when the state lacks something that the feedback shows.
inline void restore_state(Feedback& feedback, const StoredState& state) {
  class Writer final : public StateVisitor {
   public:
    explicit Writer(const StoredState& from) : state(from) {}
    void matrix(std::string_view name, Ref value) override { value = state.matrices.at(std::string(name)); }
    void counter(std::string_view name, std::int64_t& value) override {
      value = state.counters.at(std::string(name));
    }
    const StoredState& state;
  } writer(state);
  feedback.visit_state(writer);
}

}  // namespace soap::inline SOAP_ABI
