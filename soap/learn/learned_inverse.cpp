#include "soap/learn/learned_inverse.hpp"

#include "soap/linalg/gemm.hpp"
#include "soap/linalg/random_fill.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// y = s(sums), with the nonlinearity of the stage. The phase is that of evaluation, because what the stage
// remembers of its training is not for side passes to change.
void activate(Network& network, const Stage& stage, ConstRef sums, Ref y) {
  if (stage.output == stage.weighted) {
    y = sums;
  } else {
    network.layer(stage.output).forward(sums, y, Phase::evaluation);
  }
}

}  // namespace

LearnedInverse::LearnedInverse(Network& network, const Stage& below, const Stage& above, Index capacity,
                               Initializer initializer, Rng& rng)
    : below_(below), above_(above) {
  const Index units_below = network.layer_shape(below.output).outputs;
  const Index units_above = network.layer_shape(above.output).outputs;
  V_.resize(units_below, units_above);
  draw(initializer, units_above, units_below, rng, V_);
  c_.setZero(units_below, 1);
  for (Matrix* matrix : {&target_, &forward_sums_, &forward_}) matrix->resize(units_above, capacity);
  for (Matrix* matrix : {&sums_, &back_, &noisy_, &delta_}) matrix->resize(units_below, capacity);
}

void LearnedInverse::apply(Network& network, ConstRef h, Ref y) {
  auto sums = sums_.leftCols(h.cols());
  affine(V_, h, c_, sums);
  activate(network, below_, sums, y);
}

void LearnedInverse::send_down(Network& network, ConstRef h, ConstRef d, Ref result) {
  auto target = target_.leftCols(h.cols());
  auto back = back_.leftCols(h.cols());
  target = h + d;
  apply(network, target, result);
  apply(network, h, back);
  result -= back;
}

void LearnedInverse::train(Network& network, ConstRef h, double noise, double rate, std::uint64_t seed,
                           std::uint64_t first_column) {
  auto noisy = noisy_.leftCols(h.cols());
  auto forward_sums = forward_sums_.leftCols(h.cols());
  auto forward = forward_.leftCols(h.cols());
  auto sums = sums_.leftCols(h.cols());
  auto back = back_.leftCols(h.cols());
  auto delta = delta_.leftCols(h.cols());
  fill_normal({.key = Rng(seed, "dtp noise").bits(), .draw = first_column}, noise, noisy);
  noisy += h;
  network.layer(above_.weighted).forward(noisy, forward_sums, Phase::evaluation);
  activate(network, above_, forward_sums, forward);
  apply(network, forward, back);
  // The error at g's output, with the factor of the square's slope left to the rate.
  noisy = back - noisy;
  if (below_.output == below_.weighted) {
    delta = noisy;
  } else {
    network.layer(below_.output).backward(sums, back, noisy, Phase::evaluation, delta);
  }
  const auto share = static_cast<Scalar>(-2 * rate / static_cast<double>(h.cols()));
  gemm(share, delta, forward.transpose(), 1, V_);
  add_row_sums(share, delta, 1, c_);
}

}  // namespace SOAP_ABI
}  // namespace soap
