// The learned way back through one layer of a network.
#pragma once

#include <cstdint>

#include "soap/learn/stages.hpp"
#include "soap/linalg/initializer.hpp"
#include "soap/linalg/random.hpp"
#include "soap/nn/network.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// g(h) = s(V·h + c), which learns to undo the stage f that leads from the activity of one hidden stage to
/// that of the next; s is the nonlinearity of the stage below, so that g lands where its activity lies.
/// Linear layers between give a linear g. Sized once, so that nothing here allocates later.
class LearnedInverse {
 public:
  /// V: units below x units above, drawn; c: units below x 1, zeros. Each stage has one element-wise layer at
  /// most.
  LearnedInverse(Network& network, const Stage& below, const Stage& above, Index capacity,
                 Initializer initializer, Rng& rng);

  /// result = g(h + d) - g(h), with h, d: units above x batch, result: units below x batch.
  void send_down(Network& network, ConstRef h, ConstRef d, Ref result);

  /// One step of gradient descent, at this rate, on |g(f(u)) - u|², the mean over the batch, where
  /// u = h + noise·n with standard normal n; h: units below x batch. The draw is the one numbered
  /// `first_column`, with a key from the stream (seed, "dtp noise").
  void train(Network& network, ConstRef h, double noise, double rate, std::uint64_t seed,
             std::uint64_t first_column);

  [[nodiscard]] Matrix& V() { return V_; }
  [[nodiscard]] Matrix& c() { return c_; }

 private:
  // y = g(h); leaves V·h + c in sums_.
  void apply(Network& network, ConstRef h, Ref y);

  Stage below_;
  Stage above_;
  Matrix V_;
  Matrix c_;
  // Units above x capacity.
  Matrix target_;
  Matrix forward_sums_;
  Matrix forward_;
  // Units below x capacity.
  Matrix sums_;
  Matrix back_;
  Matrix noisy_;
  Matrix delta_;
};

}  // namespace SOAP_ABI
}  // namespace soap
