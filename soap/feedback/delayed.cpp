#include "soap/feedback/delayed.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "soap/base/check.hpp"

namespace soap {
inline namespace SOAP_ABI {

DelayedFeedback::DelayedFeedback(const DelayedFeedbackOptions& options) : options_(options) {
  check_integer("delayed feedback", "examples", options.examples, 0);
}

std::unique_ptr<Feedback> DelayedFeedback::make(Spec& spec) {
  DelayedFeedbackOptions options;
  options.examples =
      spec.take_integer("examples", options.examples, 0, "how many examples old W is, at least");
  return std::make_unique<DelayedFeedback>(options);
}

void DelayedFeedback::initialize(const EdgeShape& edge, Rng&) {
  edge_ = edge;
  ring_.clear();
  oldest_ = 0;
  copies_ = 0;
}

void DelayedFeedback::before_step(ConstRef W, std::int64_t examples_seen) {
  if (copies_ > 0 && examples_seen < ring_[place(copies_ - 1)].examples_seen) copies_ = 0;
  drop_outdated(examples_seen);
  Copy& copy = next_copy();
  copy.W = W;
  copy.examples_seen = examples_seen;
}

void DelayedFeedback::drop_outdated(std::int64_t examples_seen) {
  // A copy is of use until the one after it is old enough; after the newest comes the one of now.
  const auto next_seen = [&] { return copies_ == 1 ? examples_seen : ring_[place(1)].examples_seen; };
  while (copies_ > 0 && next_seen() <= examples_seen - options_.examples) {
    oldest_ = place(1);
    --copies_;
  }
}

DelayedFeedback::Copy& DelayedFeedback::next_copy() {
  if (copies_ == ring_.size()) {
    std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(oldest_), ring_.end());
    oldest_ = 0;
    ring_.emplace_back();
  }
  return ring_[place(copies_++)];
}

Way DelayedFeedback::way(ConstRef) const {
  static const Matrix nothing;
  return {(copies_ == 0 ? nothing : ring_[oldest_].W).transpose()};
}

void DelayedFeedback::visit_state(StateVisitor& visitor) {
  auto copies = static_cast<std::int64_t>(copies_);
  visitor.counter("copies", copies);
  constexpr std::int64_t most_copies = 1'000'000'000;
  if (copies < 0 || copies > most_copies) {
    throw std::invalid_argument("delayed feedback: found state of " + std::to_string(copies) +
                                " copies of the weights, expected 0 to " + std::to_string(most_copies));
  }
  if (static_cast<std::size_t>(copies) != copies_) {
    copies_ = static_cast<std::size_t>(copies);
    oldest_ = 0;
    ring_.clear();
  }
  for (std::size_t i = 0; i < copies_; ++i) {
    // One at a time: a visitor that has fewer than it promised throws before memory is taken for all.
    if (i == ring_.size()) ring_.push_back({.W = Matrix::Zero(edge_.out, edge_.in)});
    Copy& copy = ring_[place(i)];
    visitor.matrix("W_" + std::to_string(i), copy.W);
    visitor.counter("examples_" + std::to_string(i), copy.examples_seen);
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
