#include "soap/feedback/fresh_random.hpp"

#include "soap/linalg/threads.hpp"

namespace soap::inline SOAP_ABI {

void FreshRandom::initialize(Rng& rng) {
  key_ = static_cast<std::int64_t>(rng.bits() >> 1U);
  draws_ = 0;
}

void FreshRandom::draw(Initializer initializer, Index fan_in, Index fan_out, Ref values) {
  for_each_column(values,
                  [&](Rng& rng, Ref column) { soap::draw(initializer, fan_in, fan_out, rng, column); });
}

void FreshRandom::draw_normal(Ref values) {
  for_each_column(values, [](Rng& rng, Ref column) {
    for (Index i = 0; i < column.rows(); ++i) column(i, 0) = static_cast<Scalar>(rng.normal());
  });
}

void FreshRandom::draw_uniform(Ref values) {
  for_each_column(values, [](Rng& rng, Ref column) {
    // In float a number just below 1 may become 1, which does no harm.
    for (Index i = 0; i < column.rows(); ++i) column(i, 0) = static_cast<Scalar>(rng.uniform());
  });
}

void FreshRandom::for_each_column(Ref values, FunctionRef<void(Rng& rng, Ref column)> fill) {
  Rng of_this_draw(static_cast<std::uint64_t>(key_), "fresh", static_cast<std::uint64_t>(draws_));
  ++draws_;
  const std::uint64_t seed = of_this_draw.bits();
  // A number drawn costs some twenty operations.
  parallel_for(values.cols(), 20 * values.size(), [&](Index j) {
    Rng rng(seed, "column", static_cast<std::uint64_t>(j));
    fill(rng, values.col(j));
  });
}

void FreshRandom::visit_state(StateVisitor& visitor) {
  visitor.counter("key", key_);
  visitor.counter("draws", draws_);
}

}  // namespace soap::inline SOAP_ABI
