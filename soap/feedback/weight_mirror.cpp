#include "soap/feedback/weight_mirror.hpp"

#include <cmath>

#include "soap/base/check.hpp"
#include "soap/linalg/gemm.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// The mean over the columns of the standard deviation of each column's elements, or of a single element's
// size.
double mean_deviation(ConstRef columns) {
  double sum = 0;
  for (Index j = 0; j < columns.cols(); ++j) {
    const auto column = columns.col(j).cast<double>().array();
    const double center = columns.rows() > 1 ? column.mean() : 0;
    sum += std::sqrt((column - center).square().mean());
  }
  return sum / static_cast<double>(columns.cols());
}

}  // namespace

WeightMirrorFeedback::WeightMirrorFeedback(const WeightMirrorOptions& options)
    : RandomFeedback({.initializer = options.initializer}), options_(options) {
  check_integer("weight mirror", "period", options.period, 1);
  check_integer("weight mirror", "samples", options.samples, 1);
  check_positive("weight mirror", "rate", options.rate);
  check_positive("weight mirror", "noise", options.noise);
  check_positive("weight mirror", "gain", options.gain);
}

std::unique_ptr<Feedback> WeightMirrorFeedback::make(Spec& spec) {
  WeightMirrorOptions options;
  options.period =
      spec.take_integer("period", options.period, 1, "examples from one phase of noise to the next");
  options.samples = spec.take_integer("samples", options.samples, 1, "samples of noise in a phase");
  options.rate = spec.take_number("rate", options.rate, 0, "at which the mirror learns; above 0");
  options.noise = spec.take_number("noise", options.noise, 0, "deviation of the noise; above 0");
  options.gain = spec.take_number("gain", options.gain, 0,
                                  "deviation that the mirror gives to random activity; above 0");
  options.initializer = take_initializer(spec, options.initializer,
                                         "how the mirror is drawn that serves until the first phase");
  return std::make_unique<WeightMirrorFeedback>(options);
}

void WeightMirrorFeedback::initialize(const EdgeShape& edge, Rng& rng) {
  RandomFeedback::initialize(edge, rng);
  fresh_.initialize(rng);
  phases_due_ = 0;
  below_.resize(edge.in, options_.samples);
  above_.resize(edge.out, options_.samples);
}

void WeightMirrorFeedback::before_step(ConstRef W, std::int64_t examples_seen) {
  const std::int64_t due = examples_seen / options_.period;
  if (due > phases_due_) {
    mirror(W);
    normalize();
  }
  phases_due_ = due;
}

void WeightMirrorFeedback::mirror(ConstRef W) {
  fresh_.draw_normal(options_.noise, below_);
  gemm(1, W, below_, 0, above_);
  gemm(static_cast<Scalar>(options_.rate) / static_cast<Scalar>(options_.samples), below_, above_.transpose(),
       1, B());
}

void WeightMirrorFeedback::normalize() {
  fresh_.draw_uniform(above_);
  gemm(1, B(), above_, 0, below_);
  const double deviation = mean_deviation(below_);
  if (deviation > 0) B() *= static_cast<Scalar>(options_.gain / deviation);
}

void WeightMirrorFeedback::visit_state(StateVisitor& visitor) {
  RandomFeedback::visit_state(visitor);
  visitor.counter("phases_due", phases_due_);
  fresh_.visit_state(visitor);
}

}  // namespace SOAP_ABI
}  // namespace soap
