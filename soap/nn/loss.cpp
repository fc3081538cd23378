#include "soap/nn/loss.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "soap/base/text.hpp"
#include "soap/linalg/elementwise.hpp"

namespace soap::inline SOAP_ABI {

namespace {

void check_labels(ConstRef output, const Targets& targets) {
  if (static_cast<Index>(targets.labels.size()) != output.cols()) {
    throw std::invalid_argument("softmax_cross_entropy: found " + std::to_string(targets.labels.size()) +
                                " labels for " + std::to_string(output.cols()) +
                                " examples, expected one each");
  }
}

Scalar largest_of(ConstRef output, Index j) {
  const Scalar* z = output.col(j).data();
  return *std::max_element(z, z + output.rows());
}

// -log softmax(z)[label], from Σ exp(z - largest): with the largest logit taken out nothing overflows.
double label_loss(double sum, Scalar largest, Scalar z_label) {
  return std::log(sum) + (static_cast<double>(largest) - static_cast<double>(z_label));
}

// One term of the binary cross-entropy: log(1 + e^z) - t·z.
double binary_term(double z, double t) {
  return std::max(z, 0.0) - z * t + std::log1p(std::exp(-std::abs(z)));
}

// Means over all elements share this shape.
template <class Term>
double mean_of(ConstRef output, const Targets& targets, Term term) {
  double sum = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    for (Index i = 0; i < output.rows(); ++i) sum += term(output(i, j), targets.values(i, j));
  }
  return sum / static_cast<double>(output.size());
}

template <class Term, class Slope>
double mean_and_slopes_of(ConstRef output, const Targets& targets, Ref error, Term term, Slope slope) {
  const auto count = static_cast<double>(output.size());
  const double share = 1 / count;
  double sum = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    for (Index i = 0; i < output.rows(); ++i) {
      const double y = output(i, j);
      const double t = targets.values(i, j);
      sum += term(y, t);
      error(i, j) = static_cast<Scalar>(slope(y, t) * share);
    }
  }
  return sum / count;
}

double square_term(double y, double t) { return (y - t) * (y - t); }

}  // namespace

double SoftmaxCrossEntropy::value(ConstRef output, const Targets& targets) const {
  check_labels(output, targets);
  std::array<Scalar, 64> block{};
  constexpr auto block_size = static_cast<Index>(block.size());
  double loss = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    const Scalar* z = output.col(j).data();
    const Scalar largest = largest_of(output, j);
    double sum = 0;
    for (Index first = 0; first < output.rows(); first += block_size) {
      const Index count = std::min(block_size, output.rows() - first);
      std::transform(z + first, z + first + count, block.begin(), [=](Scalar a) { return a - largest; });
      exp(block.data(), block.data(), count);
      sum = std::accumulate(block.begin(), block.begin() + count, sum);
    }
    loss += label_loss(sum, largest, z[targets.labels[static_cast<std::size_t>(j)]]);
  }
  return loss / static_cast<double>(output.cols());
}

double SoftmaxCrossEntropy::value_and_error(ConstRef output, const Targets& targets, Ref error) const {
  check_labels(output, targets);
  const Index rows = output.rows();
  for (Index j = 0; j < output.cols(); ++j) {
    error.col(j) = output.col(j).array() - largest_of(output, j);
    if (error.outerStride() != rows) exp(error.col(j).data(), error.col(j).data(), rows);
  }
  // Few outputs do not fill a vector, but those of all examples do.
  if (error.outerStride() == rows) exp(error.data(), error.data(), error.size());

  const auto count = static_cast<double>(output.cols());
  double loss = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    const Index label = targets.labels[static_cast<std::size_t>(j)];
    Scalar* e = error.col(j).data();
    const double sum = std::accumulate(e, e + rows, 0.0);
    loss += label_loss(sum, largest_of(output, j), output(label, j));
    const double at_label = (e[label] / sum - 1) / count;
    error.col(j) *= static_cast<Scalar>(1 / (sum * count));
    e[label] = static_cast<Scalar>(at_label);
  }
  return loss / count;
}

double MeanSquaredError::value(ConstRef output, const Targets& targets) const {
  return mean_of(output, targets, square_term);
}

double MeanSquaredError::value_and_error(ConstRef output, const Targets& targets, Ref error) const {
  return mean_and_slopes_of(output, targets, error, square_term,
                            [](double y, double t) { return 2 * (y - t); });
}

double BinaryCrossEntropyWithLogits::value(ConstRef output, const Targets& targets) const {
  return mean_of(output, targets, binary_term);
}

double BinaryCrossEntropyWithLogits::value_and_error(ConstRef output, const Targets& targets,
                                                     Ref error) const {
  return mean_and_slopes_of(output, targets, error, binary_term,
                            [](double z, double t) { return 1 / (1 + std::exp(-z)) - t; });
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
