#include "soap/learn/secant.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/base/text.hpp"
#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Without branches, so that the compiler does several at a time.
Scalar sign(Scalar x) { return static_cast<Scalar>(x > 0) - static_cast<Scalar>(x < 0); }
Scalar sign_or_one(Scalar x) { return x < 0 ? Scalar{-1} : Scalar{1}; }

// Calls body(g1, d, count) for each column.
template <class Body>
void for_each_column(ConstRef g1, Ref d, Body body) {
  parallel_ranges(g1.cols(), 4 * g1.size(), [&](Index first, Index cols) {
    for (Index j = first; j < first + cols; ++j) body(g1.col(j).data(), d.col(j).data(), g1.rows());
  });
}

Scalar quotient(Scalar above, Scalar below) { return below == 0 ? Scalar{0} : above / below; }

}  // namespace

Secant::Secant(const SecantOptions& options) : options_(options) {
  if (!std::isfinite(options.damping) || options.damping < 0) {
    throw std::invalid_argument("activity propagation: damping is " + to_text(options.damping) +
                                ", expected a finite number of at least 0");
  }
}

void Secant::subtract(ConstRef g1, Ref g2) {
  for_each_column(g1, g2, [](const Scalar* first, Scalar* second, Index count) {
    for (Index i = 0; i < count; ++i) second[i] = first[i] - second[i];
  });
  if (!options_.average) return;
  if (sums_.rows() < g1.rows()) sums_.resize(g1.rows(), 2);
  auto h = sums_.col(0).head(g1.rows());
  auto squares = sums_.col(1).head(g1.rows());
  h.setZero();
  squares.setZero();
  for (Index j = 0; j < g1.cols(); ++j) {
    h.array() += g1.col(j).array() * g2.col(j).array();
    squares.array() += g1.col(j).array().square();
  }
  for (Index i = 0; i < h.size(); ++i) h(i) = quotient(h(i), squares(i));
  for (Index j = 0; j < g1.cols(); ++j) g2.col(j).array() = g1.col(j).array() * h.array();
}

Scalar Secant::damping(ConstRef d) const {
  if (options_.relative)
    return static_cast<Scalar>(options_.damping) * d.cwiseAbs().sum() / static_cast<Scalar>(d.size());
  return static_cast<Scalar>(options_.damping);
}

void Secant::divide(ConstRef g1, Scalar eta, Ref d) const {
  divide_elements(g1, eta, d);
  if (options_.size == SentSize::gradient) d *= quotient(g1.stableNorm(), d.stableNorm());
}

void Secant::divide_elements(ConstRef g1, Scalar eta, Ref d) const {
  const Scalar c = damping(d);
  if (!options_.relative && options_.sign == CurvatureSign::kept) {
    for_each_column(g1, d, [=](const Scalar* g, Scalar* sent, Index count) {
      for (Index i = 0; i < count; ++i) {
        const Scalar once = sent[i] + c * sign(sent[i]);
        const Scalar twice = once + c * sign(once + Scalar(1e-6));
        sent[i] = quotient(eta * g[i] * g[i], twice);
      }
    });
    return;
  }
  const Scalar added = options_.relative ? c : 2 * c;
  const bool absolute = options_.sign == CurvatureSign::absolute;
  for_each_column(g1, d, [=](const Scalar* g, Scalar* sent, Index count) {
    for (Index i = 0; i < count; ++i) {
      const Scalar oriented = sent[i] * sign_or_one(g[i]);
      const Scalar k = absolute ? std::abs(sent[i]) : oriented;
      sent[i] = quotient(eta * g[i] * std::abs(g[i]), k + added * sign_or_one(k));
    }
  });
}

}  // namespace SOAP_ABI
}  // namespace soap
