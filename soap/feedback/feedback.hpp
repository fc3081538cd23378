// How an error travels down across one weighted layer: the value that a learning rule swaps.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "soap/linalg/factor.hpp"
#include "soap/linalg/gradient.hpp"
#include "soap/linalg/matrix.hpp"
#include "soap/linalg/random.hpp"
#include "soap/linalg/state.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The shape of the edge that a feedback serves.
struct EdgeShape {
  Index in;     ///< units below
  Index out;    ///< units above
  Index n_out;  ///< units of the network's output layer
};

/// What a rule's matrix is multiplied with.
enum class Carries {
  delta,         ///< the error of the layer above, out x batch
  output_error,  ///< the error of the network's output, n_out x batch, past the layers between
  targets,       ///< the targets, n_out x batch, over -batch; no error at all
};

/// The way of an error down across an edge.
struct Way {
  Factor matrix;  ///< in the place of Wᵀ, in x out, for delta; else in x n_out
  Carries carries = Carries::delta;
};

/// What a feedback that is trained beside W can learn from.
struct Lesson {
  const Gradient& of_W;    ///< the gradient of W
  ConstView x;             ///< activity below, in x batch
  ConstView output_error;  ///< n_out x batch
};

/// Says how errors cross one weighted layer downwards, whose weights W are out x in. The forward pass and the
/// layer's own gradient delta·xᵀ do not pass through here: a feedback decides only what the layer below is
/// told, and of that only the matrix. Each layer owns one; the lowest weighted layer of a network has nobody
/// to send to, and its feedback is neither initialized nor asked.
class Feedback {
 public:
  virtual ~Feedback() = default;

  /// The canonical form, see Spec, of the text that `make_feedback` made it from, and "bp" of a
  /// TransposeFeedback; "custom" where it was made otherwise. `load_model` compares it.
  [[nodiscard]] const std::string& rule() const { return rule_; }
  void set_rule(std::string text) { rule_ = std::move(text); }

  /// Draws what the feedback stores, once, before training. Throws std::invalid_argument when the rule cannot
  /// serve an edge of this shape.
  virtual void initialize(const EdgeShape&, Rng&) {}

  /// All that a rule is: the error for the layer below is this matrix times what it carries. A view, valid
  /// until the next call that is not const.
  [[nodiscard]] virtual Way way(ConstRef W) const = 0;

  /// Called before each training step, with the number of training examples seen until then: the place where
  /// a rule may look at W.
  virtual void before_step(ConstRef /*W*/, std::int64_t /*examples_seen*/) {}

  /// Shows each matrix that the optimizer trains beside W with the same learning rate and decay, and the same
  /// with its gradient.
  virtual void visit_parameters(ParameterVisitor) {}
  virtual void visit_gradients(const Lesson&, GradientVisitor) {}

  /// The bits of explicit copies of W, or of its signs, that the feedback has been given since `initialize`,
  /// `steps` training steps ago; what it learns of W from activity is not counted. None when the rule does
  /// not say.
  [[nodiscard]] virtual std::optional<double> transported_bits(ConstRef /*W*/, std::int64_t /*steps*/) const {
    return std::nullopt;
  }

  /// Shows every matrix and counter that training changes or `initialize` draws. A stored feedback matrix of
  /// the shape of Wᵀ is called "B", one that leads straight from the output "direct_B".
  virtual void visit_state(StateVisitor&) {}

 protected:
  Feedback() = default;
  Feedback(const Feedback&) = default;
  Feedback(Feedback&&) = default;
  Feedback& operator=(const Feedback&) = default;
  Feedback& operator=(Feedback&&) = default;

 private:
  std::string rule_ = "custom";
};

/// The bits that it takes to hold W.
inline double bits_of(ConstRef W) { return 8.0 * sizeof(Scalar) * static_cast<double>(W.size()); }

}  // namespace SOAP_ABI
}  // namespace soap
