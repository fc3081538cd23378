#include "soap/linalg/fresh_random.hpp"

namespace soap {
inline namespace SOAP_ABI {

void FreshRandom::initialize(Rng& rng) {
  key_ = static_cast<std::int64_t>(rng.bits() >> 1U);
  draws_ = 0;
}

void FreshRandom::draw(Initializer initializer, Index fan_in, Index fan_out, Ref values) {
  const auto [normal, size] = spread(initializer, fan_in, fan_out);
  if (normal) {
    draw_normal(size, values);
  } else {
    fill_uniform(next(), -size, size, values);
  }
}

void FreshRandom::draw_normal(double deviation, Ref values) { fill_normal(next(), deviation, values); }

void FreshRandom::draw_uniform(Ref values) { fill_uniform(next(), 0, 1, values); }

RandomDraw FreshRandom::next() {
  return {.key = static_cast<std::uint64_t>(key_), .draw = static_cast<std::uint64_t>(draws_++)};
}

void FreshRandom::visit_state(StateVisitor& visitor) {
  visitor.counter("key", key_);
  visitor.counter("draws", draws_);
}

}  // namespace SOAP_ABI
}  // namespace soap
