// How an error travels down through one weighted layer: the value that a learning rule swaps.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "soap/base/function_ref.hpp"
#include "soap/linalg/matrix.hpp"
#include "soap/linalg/random.hpp"

namespace soap::inline SOAP_ABI {

/// What reaches every layer of a network at once during a backward pass.
struct Teaching {
  ConstView output_error;  ///< gradient of the loss at the network's output, n_out x batch
  ConstView targets;       ///< n_out x batch; one-hot columns where the data have labels
};

/// The shape of the edge that a feedback serves.
struct EdgeShape {
  Index in;     ///< units below
  Index out;    ///< units above
  Index n_out;  ///< units of the network's output layer
};

/// The state of a feedback that a checkpoint must hold: matrices and counters, by name.
class FeedbackVisitor {
 public:
  virtual ~FeedbackVisitor() = default;
  virtual void matrix(std::string_view name, Ref value) = 0;
  virtual void counter(std::string_view name, std::int64_t& value) = 0;
};

/// Sends errors down through one weighted layer, whose weights W are out x in. The forward pass and the
/// layer's own weight gradient delta·xᵀ do not pass through here: a feedback decides only what the layer
/// below is told. Each layer owns one; the lowest weighted layer of a network has nobody to send to, and its
/// feedback is neither initialized nor called.
class Feedback {
 public:
  virtual ~Feedback() = default;

  /// Draws what the feedback stores, once, before training.
  virtual void initialize(const EdgeShape&, Rng&) {}

  /// Writes the error for the layer below. W: out x in, delta: out x batch, below: in x batch. What `below`
  /// held before does not matter. Linear in delta, unless the rule's paper says otherwise.
  virtual void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const = 0;

  /// Called before each training step, with the number of training examples seen until then: the place where
  /// a rule may look at W.
  virtual void before_step(ConstRef /*W*/, std::int64_t /*examples_seen*/) {}

  /// Shows every matrix and counter that training changes or `initialize` draws.
  virtual void visit_state(FeedbackVisitor&) {}

 protected:
  Feedback() = default;
  Feedback(const Feedback&) = default;
  Feedback(Feedback&&) = default;
  Feedback& operator=(const Feedback&) = default;
  Feedback& operator=(Feedback&&) = default;
};

}  // namespace soap::inline SOAP_ABI
