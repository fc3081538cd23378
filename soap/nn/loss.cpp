#include "soap/nn/loss.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

void check_labels(ConstRef output, const Targets& targets) {
  if (static_cast<Index>(targets.labels.size()) != output.cols()) {
    throw std::invalid_argument("softmax_cross_entropy: found " + std::to_string(targets.labels.size()) +
                                " labels for " + std::to_string(output.cols()) +
                                " examples, expected one each");
  }
}

// log Σ exp(z), with the largest logit taken out so that nothing overflows.
double log_sum_exp(ConstRef output, Index j) {
  const Scalar* z = output.col(j).data();
  const double largest = *std::max_element(z, z + output.rows());
  double sum = 0;
  for (Index i = 0; i < output.rows(); ++i) sum += std::exp(static_cast<double>(z[i]) - largest);
  return largest + std::log(sum);
}

// One term of the binary cross-entropy: log(1 + e^z) - t·z.
double binary_term(double z, double t) {
  return std::max(z, 0.0) - z * t + std::log1p(std::exp(-std::abs(z)));
}

// Means over all elements share this shape: each term, and its derivative unless nobody wants it.
template <class Term>
double mean_of(ConstRef output, const Targets& targets, Term term) {
  double sum = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    for (Index i = 0; i < output.rows(); ++i) sum += term(output(i, j), targets.values(i, j));
  }
  return sum / static_cast<double>(output.size());
}

template <class Slope>
void slopes_of(ConstRef output, const Targets& targets, Ref error, Slope slope) {
  const auto count = static_cast<double>(output.size());
  for (Index j = 0; j < output.cols(); ++j) {
    for (Index i = 0; i < output.rows(); ++i) {
      error(i, j) = static_cast<Scalar>(slope(output(i, j), targets.values(i, j)) / count);
    }
  }
}

}  // namespace

double SoftmaxCrossEntropy::value(ConstRef output, const Targets& targets) const {
  check_labels(output, targets);
  double sum = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    sum +=
        log_sum_exp(output, j) - static_cast<double>(output(targets.labels[static_cast<std::size_t>(j)], j));
  }
  return sum / static_cast<double>(output.cols());
}

double SoftmaxCrossEntropy::value_and_error(ConstRef output, const Targets& targets, Ref error) const {
  check_labels(output, targets);
  const auto count = static_cast<double>(output.cols());
  double sum = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    const Index label = targets.labels[static_cast<std::size_t>(j)];
    const double normalizer = log_sum_exp(output, j);
    sum += normalizer - static_cast<double>(output(label, j));
    for (Index i = 0; i < output.rows(); ++i) {
      const double probability = std::exp(static_cast<double>(output(i, j)) - normalizer);
      error(i, j) = static_cast<Scalar>((probability - (i == label ? 1 : 0)) / count);
    }
  }
  return sum / count;
}

double MeanSquaredError::value(ConstRef output, const Targets& targets) const {
  return mean_of(output, targets, [](double y, double t) { return (y - t) * (y - t); });
}

double MeanSquaredError::value_and_error(ConstRef output, const Targets& targets, Ref error) const {
  slopes_of(output, targets, error, [](double y, double t) { return 2 * (y - t); });
  return value(output, targets);
}

double BinaryCrossEntropyWithLogits::value(ConstRef output, const Targets& targets) const {
  return mean_of(output, targets, binary_term);
}

double BinaryCrossEntropyWithLogits::value_and_error(ConstRef output, const Targets& targets,
                                                     Ref error) const {
  slopes_of(output, targets, error, [](double z, double t) { return 1 / (1 + std::exp(-z)) - t; });
  return value(output, targets);
}

std::unique_ptr<Loss> make_loss(std::string_view name) {
  if (name == SoftmaxCrossEntropy().name()) return std::make_unique<SoftmaxCrossEntropy>();
  if (name == MeanSquaredError().name()) return std::make_unique<MeanSquaredError>();
  if (name == BinaryCrossEntropyWithLogits().name()) return std::make_unique<BinaryCrossEntropyWithLogits>();
  throw std::invalid_argument(unknown_name("loss", name, loss_names()));
}

std::vector<std::string> loss_names() {
  return {SoftmaxCrossEntropy().name(), MeanSquaredError().name(), BinaryCrossEntropyWithLogits().name()};
}

Index count_correct(ConstRef output, std::span<const std::int32_t> labels) {
  Index correct = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    Index best = 0;
    output.col(j).maxCoeff(&best);
    correct += best == labels[static_cast<std::size_t>(j)] ? 1 : 0;
  }
  return correct;
}

}  // namespace soap::inline SOAP_ABI
