// Random numbers that are drawn anew now and then, such that a checkpoint can hold where they stand.
#pragma once

#include <cstdint>

#include "soap/linalg/initializer.hpp"
#include "soap/linalg/random_fill.hpp"
#include "soap/linalg/state.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A key, drawn once, and a count of the draws since then. Any number of threads draws the same. The matrices
/// have no gaps between their columns.
class FreshRandom {
 public:
  void initialize(Rng& rng);
  /// Fills `values` with numbers that no earlier draw has given: those of an initializer, or normal
  /// ones with mean 0, or uniform ones from 0 to 1.
  void draw(Initializer initializer, Index fan_in, Index fan_out, Ref values);
  void draw_normal(double deviation, Ref values);
  void draw_uniform(Ref values);
  /// Shows the counters "key" and "draws".
  void visit_state(StateVisitor& visitor);

 private:
  RandomDraw next();

  std::int64_t key_ = 0;
  std::int64_t draws_ = 0;
};

}  // namespace SOAP_ABI
}  // namespace soap
