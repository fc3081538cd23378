// Backpropagation through weights as they were some time ago.
#pragma once

#include <vector>

#include "soap/base/spec.hpp"
#include "soap/feedback/feedback.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct DelayedFeedbackOptions {
  std::int64_t examples = 6400;  ///< training examples that the weights sent through are old, at least
};

/// Sends Vᵀ·delta down, where V is the W before the newest step that is at least `examples` examples old,
/// until there is one the W before the first step. A control experiment: how recent must the transported
/// weights be? All of every weight crosses over at every step.
///
/// Keeps one copy of W for each step within the delay and one more: about examples/batch + 2 times the memory
/// of W, which grows until the delay has passed and is used again from then on.
class DelayedFeedback final : public Feedback {
 public:
  /// Throws std::invalid_argument when examples < 0.
  explicit DelayedFeedback(const DelayedFeedbackOptions& options = {});
  /// From the parameters of a text, see make_feedback.
  static std::unique_ptr<Feedback> make(Spec& spec);

  void initialize(const EdgeShape& edge, Rng& rng) override;
  /// Where fewer examples have been seen than at the last call, a new run begins and older weights are
  /// forgotten.
  void before_step(ConstRef W, std::int64_t examples_seen) override;
  [[nodiscard]] Way way(ConstRef W) const override;
  [[nodiscard]] std::optional<double> transported_bits(ConstRef W, std::int64_t steps) const override {
    return static_cast<double>(steps) * bits_of(W);
  }
  /// The counter "copies", then from the oldest copy up the matrix "W_0" and the counter "examples_0", and so
  /// on. A visitor that changes "copies" is shown that many.
  void visit_state(StateVisitor& visitor) override;

 private:
  struct Copy {
    Matrix W;  // out x in
    std::int64_t examples_seen = 0;
  };

  [[nodiscard]] std::size_t place(std::size_t age_order) const {
    return (oldest_ + age_order) % ring_.size();
  }
  void drop_outdated(std::int64_t examples_seen);
  Copy& next_copy();

  DelayedFeedbackOptions options_;
  EdgeShape edge_{};
  std::vector<Copy> ring_;
  std::size_t oldest_ = 0;
  std::size_t copies_ = 0;  // of the ring's places, those in use, from the oldest on
};

}  // namespace SOAP_ABI
}  // namespace soap
