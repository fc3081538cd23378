// Random numbers that a rule draws anew now and then, such that a checkpoint can hold where they stand.
#pragma once

#include <cstdint>
#include <string_view>

#include "soap/feedback/feedback.hpp"
#include "soap/linalg/initializer.hpp"

namespace soap::inline SOAP_ABI {

/// A key, drawn once, and a count of the draws since then. Each column of a matrix has a stream of its own,
/// so that threads can share the drawing and any number of them draws the same.
class FreshRandom {
 public:
  void initialize(Rng& rng);
  /// Fills `values` with numbers that no earlier draw has given: those of an initializer, or N(0, 1),
  /// or uniform in [0, 1).
  void draw(Initializer initializer, Index fan_in, Index fan_out, Ref values);
  void draw_normal(Ref values);
  void draw_uniform(Ref values);
  /// Shows the counters "key" and "draws".
  void visit_state(StateVisitor& visitor);

 private:
  void for_each_column(Ref values, FunctionRef<void(Rng& rng, Ref column)> fill);

  std::int64_t key_ = 0;
  std::int64_t draws_ = 0;
};

}  // namespace soap::inline SOAP_ABI
