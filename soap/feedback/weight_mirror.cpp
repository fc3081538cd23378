#include "soap/feedback/weight_mirror.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "soap/base/text.hpp"
#include "soap/linalg/gemm.hpp"

namespace soap::inline SOAP_ABI {

namespace {

void check_positive(const char* name, double value) {
  if (value > 0 && std::isfinite(value)) return;
  throw std::invalid_argument("weight mirror: " + std::string(name) + " is " + to_text(value) +
                              ", expected a number above 0");
}

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
  if (options.period < 1) {
    throw std::invalid_argument("weight mirror: period is " + std::to_string(options.period) +
                                ", expected at least 1 example");
  }
  if (options.samples < 1) {
    throw std::invalid_argument("weight mirror: samples is " + std::to_string(options.samples) +
                                ", expected at least 1");
  }
  check_positive("rate", options.rate);
  check_positive("noise", options.noise);
  check_positive("gain", options.gain);
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

std::unique_ptr<Feedback> feedback::weight_mirror(const WeightMirrorOptions& options) {
  return std::make_unique<WeightMirrorFeedback>(options);
}

}  // namespace soap::inline SOAP_ABI
