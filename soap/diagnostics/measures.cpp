#include "soap/diagnostics/measures.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include <Eigen/Eigenvalues>

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr double saturated_below = 0.1;

void check_shapes(const char* what, ConstRef a, ConstRef b) {
  if (a.rows() == b.rows() && a.cols() == b.cols()) return;
  throw std::invalid_argument(std::string(what) + ": found " + std::to_string(a.rows()) + "x" +
                              std::to_string(a.cols()) + " and " + std::to_string(b.rows()) + "x" +
                              std::to_string(b.cols()) + ", expected one shape");
}

// Whether something can be divided by it.
bool measurable(double norm) { return norm > 0 && std::isfinite(norm); }

}  // namespace

double norm(ConstRef a) {
  double squares = 0;
  for (Index j = 0; j < a.cols(); ++j) squares += a.col(j).cast<double>().squaredNorm();
  return std::sqrt(squares);
}

std::optional<double> angle(ConstRef a, ConstRef b) {
  check_shapes("angle", a, b);
  const double norm_a = norm(a);
  const double norm_b = norm(b);
  if (!measurable(norm_a) || !measurable(norm_b)) return std::nullopt;
  double difference = 0;
  double sum = 0;
  for (Index j = 0; j < a.cols(); ++j) {
    const auto u = a.col(j).cast<double>() / norm_a;
    const auto v = b.col(j).cast<double>() / norm_b;
    difference += (u - v).squaredNorm();
    sum += (u + v).squaredNorm();
  }
  return 2 * std::atan2(std::sqrt(difference), std::sqrt(sum)) * 180 / std::numbers::pi;
}

std::optional<double> norm_ratio(ConstRef a, ConstRef b) {
  check_shapes("norm ratio", a, b);
  const double norm_a = norm(a);
  const double norm_b = norm(b);
  if (!measurable(norm_b) || !std::isfinite(norm_a)) return std::nullopt;
  return norm_a / norm_b;
}

std::optional<SignConcordance> sign_concordance(ConstRef a, ConstRef reference) {
  check_shapes("sign concordance", a, reference);
  double same = 0;
  double same_weight = 0;
  double count = 0;
  double weight = 0;
  for (Index j = 0; j < a.cols(); ++j) {
    for (Index i = 0; i < a.rows(); ++i) {
      const double value = reference(i, j);
      if (value == 0) continue;
      const bool agree = value > 0 ? a(i, j) > 0 : a(i, j) < 0;
      same += agree ? 1 : 0;
      same_weight += agree ? std::abs(value) : 0;
      count += 1;
      weight += std::abs(value);
    }
  }
  if (!measurable(weight) || !std::isfinite(norm(a))) return std::nullopt;
  return SignConcordance{.share = same / count, .weighted = same_weight / weight};
}

std::optional<double> effective_rank(ConstRef activity) {
  if (activity.size() == 0 || !measurable(norm(activity))) return std::nullopt;
  // The squares of the singular values are the eigenvalues of the smaller of AᵀA and AAᵀ.
  const Eigen::MatrixXd a = activity.cast<double>();
  const Eigen::MatrixXd gram =
      a.rows() < a.cols() ? Eigen::MatrixXd(a * a.transpose()) : Eigen::MatrixXd(a.transpose() * a);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram, Eigen::EigenvaluesOnly);
  const Eigen::VectorXd values = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
  const double sum = values.sum();
  double entropy = 0;
  for (const double value : values) {
    const double p = value / sum;
    if (p > 0) entropy -= p * std::log(p);
  }
  return std::exp(entropy);
}

UnitShares unit_shares(ConstRef slopes, double largest_slope) {
  double dead = 0;
  double saturated = 0;
  for (Index i = 0; i < slopes.rows(); ++i) {
    double sum = 0;
    for (Index j = 0; j < slopes.cols(); ++j) sum += std::abs(static_cast<double>(slopes(i, j)));
    if (sum == 0) {
      dead += 1;
    } else if (sum / static_cast<double>(slopes.cols()) < saturated_below * largest_slope) {
      saturated += 1;
    }
  }
  const auto units = static_cast<double>(slopes.rows());
  return {.dead = dead / units, .saturated = saturated / units};
}

}  // namespace SOAP_ABI
}  // namespace soap
