#include "soap/nn/loss.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "soap/base/registry.hpp"
#include "soap/linalg/elementwise.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::string shape_of(ConstRef matrix) {
  return std::to_string(matrix.rows()) + "x" + std::to_string(matrix.cols());
}

void check_not_empty(const char* caller, ConstRef output) {
  if (output.size() > 0) return;
  throw std::invalid_argument(std::string(caller) + ": found an output of " + shape_of(output) +
                              ", expected at least one example of at least one unit");
}

void check_labels(const char* caller, ConstRef output, std::span<const std::int32_t> labels) {
  check_not_empty(caller, output);
  if (static_cast<Index>(labels.size()) != output.cols()) {
    throw std::invalid_argument(std::string(caller) + ": found " + std::to_string(labels.size()) +
                                " labels for " + std::to_string(output.cols()) +
                                " examples, expected one each");
  }
  const auto wrong = std::find_if(labels.begin(), labels.end(),
                                  [&](std::int32_t label) { return label < 0 || label >= output.rows(); });
  if (wrong == labels.end()) return;
  throw std::invalid_argument(std::string(caller) + ": found label " + std::to_string(*wrong) +
                              ", expected labels of 0 to " + std::to_string(output.rows() - 1));
}

void check_shape(const char* caller, const char* what, ConstRef found, ConstRef output) {
  if (found.rows() == output.rows() && found.cols() == output.cols()) return;
  throw std::invalid_argument(std::string(caller) + ": found " + what + " of " + shape_of(found) +
                              " for an output of " + shape_of(output) + ", expected the same shape");
}

void check_values(const char* caller, ConstRef output, const Targets& targets) {
  check_not_empty(caller, output);
  check_shape(caller, "targets", targets.values, output);
}

constexpr const char* cross_entropy_name = "softmax_cross_entropy";
constexpr const char* squares_name = "mean_squared_error";
constexpr const char* binary_name = "binary_cross_entropy";

void check_binary(ConstRef output, const Targets& targets) {
  check_values(binary_name, output, targets);
  const auto fits = targets.values.array() >= 0 && targets.values.array() <= 1;
  if (fits.all()) return;
  throw std::invalid_argument(std::string(binary_name) + ": found a target that is not in 0 ... 1");
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

Registry<std::unique_ptr<Loss>>& losses() {
  static Registry<std::unique_ptr<Loss>> registry(
      "loss", {
                  {binary_name, "of logits and targets from 0 to 1, mean over all outputs",
                   make_plain<BinaryCrossEntropyWithLogits>},
                  {squares_name, "(y - t)^2, mean over all outputs", make_plain<MeanSquaredError>},
                  {cross_entropy_name, "-log softmax(z) at the label", make_plain<SoftmaxCrossEntropy>},
              });
  return registry;
}

}  // namespace

double SoftmaxCrossEntropy::value(ConstRef output, const Targets& targets) const {
  check_labels(cross_entropy_name, output, targets.labels);
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
  check_labels(cross_entropy_name, output, targets.labels);
  check_shape(cross_entropy_name, "an error", error, output);
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
  check_values(squares_name, output, targets);
  return mean_of(output, targets, square_term);
}

double MeanSquaredError::value_and_error(ConstRef output, const Targets& targets, Ref error) const {
  check_values(squares_name, output, targets);
  check_shape(squares_name, "an error", error, output);
  return mean_and_slopes_of(output, targets, error, square_term,
                            [](double y, double t) { return 2 * (y - t); });
}

double BinaryCrossEntropyWithLogits::value(ConstRef output, const Targets& targets) const {
  check_binary(output, targets);
  return mean_of(output, targets, binary_term);
}

double BinaryCrossEntropyWithLogits::value_and_error(ConstRef output, const Targets& targets,
                                                     Ref error) const {
  check_binary(output, targets);
  check_shape(binary_name, "an error", error, output);
  return mean_and_slopes_of(output, targets, error, binary_term,
                            [](double z, double t) { return 1 / (1 + std::exp(-z)) - t; });
}

std::unique_ptr<Loss> make_loss(std::string_view text) { return losses().make(text); }

std::string canonical_loss(std::string_view text) { return losses().canonical(text); }

void register_loss(const std::string& name, LossFactory factory, std::string meaning) {
  losses().add({name, std::move(meaning), std::move(factory)});
}

std::vector<std::string> loss_names() { return losses().names(); }

std::optional<std::string> loss_help(std::string_view text) { return losses().help(text); }

Index count_correct(ConstRef output, std::span<const std::int32_t> labels) {
  check_labels("accuracy", output, labels);
  Index correct = 0;
  for (Index j = 0; j < output.cols(); ++j) {
    Index best = 0;
    output.col(j).maxCoeff(&best);
    correct += best == labels[static_cast<std::size_t>(j)] ? 1 : 0;
  }
  return correct;
}

}  // namespace SOAP_ABI
}  // namespace soap
