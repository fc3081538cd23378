// Sign-symmetry: the feedback has the signs of the weights at every step, and sizes of its own.
#pragma once

#include "soap/base/spec.hpp"
#include "soap/feedback/feedback.hpp"
#include "soap/linalg/fresh_random.hpp"
#include "soap/linalg/initializer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The sizes of the feedback's entries.
enum class Magnitudes {
  uniform,  ///< sqrt(2 / (in + out)) each, the deviation of Xavier-normal weights
  redrawn,  ///< |M|, with a new random M at each step
  fixed,    ///< |M|, with M drawn once
};

struct SignSymmetryOptions {
  Magnitudes magnitudes = Magnitudes::uniform;
  Initializer initializer = Initializer::xavier_normal;  ///< of M, with the fans of W
};

/// Sends (|M| ∘ sign(W))ᵀ·delta down, with the signs that W has before the step; sign(0) = 0. uSF, brSF and
/// frSF of Liao, Leibo and Poggio, 2016; compared by Moskovitz, Litwin-Kumar and Abbott, 2018. One bit of
/// each weight crosses over at every step.
///
/// The matrices here have the layout of W, out x in, so that signs are copied in one pass over memory.
class SignSymmetryFeedback final : public Feedback {
 public:
  explicit SignSymmetryFeedback(const SignSymmetryOptions& options = {}) : options_(options) {}
  /// From the parameters of a text, see make_feedback.
  static std::unique_ptr<Feedback> make(Magnitudes magnitudes, Spec& spec);

  void initialize(const EdgeShape& edge, Rng& rng) override;
  void before_step(ConstRef W, std::int64_t examples_seen) override;
  [[nodiscard]] Way way(ConstRef) const override { return {signed_.transpose()}; }
  [[nodiscard]] std::optional<double> transported_bits(ConstRef W, std::int64_t steps) const override {
    return static_cast<double>(steps) * static_cast<double>(W.size());
  }
  /// A fixed M is "magnitudes", out x in; its signs do not matter. A redrawn one leaves the counters from
  /// which the next is drawn.
  void visit_state(StateVisitor& visitor) override;

 private:
  void refresh(const Scalar* weights, Index first, Index count);

  SignSymmetryOptions options_;
  FreshRandom fresh_;
  Matrix M_;       // out x in; empty where magnitudes are uniform
  Matrix signed_;  // out x in: |M| ∘ sign(W); empty before the first step
};

}  // namespace SOAP_ABI
}  // namespace soap
