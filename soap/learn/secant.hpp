// What activity propagation makes of two gradients at one activity.
#pragma once

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What a negative curvature, d and g1 of opposite signs, does to a unit.
enum class CurvatureSign {
  kept,      ///< the unit is sent up the loss, as Newton's method would
  absolute,  ///< |d| with the sign of g1 takes the place of d
};

/// How large what a layer is sent is as a whole.
enum class SentSize {
  newton,  ///< as the quotient comes out: of the size of a change of the activity, whatever the loss's scale
  gradient,  ///< scaled to the Frobenius norm of g1, so that one learning rate can serve all layers
};

struct SecantOptions {
  /// What keeps the quotient finite: c, an absolute number, or with `relative` a share of the layer's mean
  /// |d|.
  double damping = 1e-3;
  bool relative = false;
  CurvatureSign sign = CurvatureSign::kept;
  /// One curvature a unit in place of one for each unit and example: the least-squares fit of d = h·g1 over
  /// the batch.
  bool average = false;
  SentSize size = SentSize::newton;
};

/// With g1 the gradient at an activity, g2 the one after it has moved by -eta·g1, and d = g1 - g2, the secant
/// curvature is d/(eta·g1), and the Newton step, gradient over curvature, is eta·g1²/d, element by element.
/// All matrices are units x batch.
class Secant {
 public:
  /// Throws std::invalid_argument unless the damping is a finite number of at least 0.
  explicit Secant(const SecantOptions& options = {});

  /// Turns g2 into d, or with `average` into g1·h where h = Σ(d·g1)/Σg1² over the batch.
  void subtract(ConstRef g1, Ref g2);

  /// Turns d into what is sent down. As a rule
  ///
  ///     d += c·sign(d)        d += c·sign(d + 1e-6)        sent = eta·g1²/d
  ///
  /// with sign(0) = 0. With `relative` or `absolute`, where the number 1e-6 or a positive d at a negative g1
  /// would make no sense, k = d·sign(g1), or |d|, takes the place of d:
  ///
  ///     k += C·sign(k)        sent = eta·g1·|g1|/k         sign(0) = 1
  ///
  /// with C = damping·mean|d|, or 2c. Where what divides is 0, nothing is sent.
  void divide(ConstRef g1, Scalar eta, Ref d) const;

  [[nodiscard]] const SecantOptions& options() const { return options_; }
  /// What damping adds to the size of d (units x batch) at a time.
  [[nodiscard]] Scalar damping(ConstRef d) const;

 private:
  void divide_elements(ConstRef g1, Scalar eta, Ref d) const;

  SecantOptions options_;
  Matrix sums_;  // at least units x 2: of d·g1, which becomes h, and of g1²
};

/// What a step of activity propagation looked like, over all its perturbed units and examples. With more than
/// one perturbed layer, g2 below the highest is made of what that one sent, not of the second gradient, and
/// so are these figures.
struct ActivityFigures {
  double elements = 0;
  /// Share with d·g1 < 0. With H the loss's Hessian at the activities d = eta·H·g1, so this happens at
  /// positive definite H too, wherever its other columns outweigh the diagonal.
  double negative_curvature = 0;
  double damped = 0;       ///< share in which damping is larger than |d|
  double sent_uphill = 0;  ///< share in which what was sent has not the sign of g1
  double sent_size = 0;    ///< norm of what was sent over that of g1
  /// How much the loss should change from pass 1 to pass 2 if g1 stayed as it is, -eta·Σg1², and by the mean
  /// of both gradients, -eta·Σg1·(g1 + g2)/2, which is exact for a quadratic loss. Both hold for gradients:
  /// under another rule than backpropagation they say how far that rule is from one.
  double predicted_by_gradient = 0;
  double predicted_by_secant = 0;
  double actual = 0;  ///< loss of pass 2 less that of pass 1
};

}  // namespace SOAP_ABI
}  // namespace soap
