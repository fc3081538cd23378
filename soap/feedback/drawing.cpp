#include "soap/feedback/drawing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/check.hpp"
#include "soap/base/text.hpp"
#include "soap/linalg/gemm.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Keeps the same number of entries in each row, at places drawn for it.
void thin_out(double density, Rng& rng, Matrix& B) {
  const Index columns = B.cols();
  const auto kept = static_cast<Index>(std::llround(density * static_cast<double>(columns)));
  if (kept == 0) {
    throw std::invalid_argument("a density of " + to_text(density) + " of " + std::to_string(columns) +
                                " units leaves no connection, expected at least " +
                                to_text(0.5 / static_cast<double>(columns)));
  }
  const auto scale = static_cast<Scalar>(std::sqrt(static_cast<double>(columns) / static_cast<double>(kept)));
  std::vector<Index> order(static_cast<std::size_t>(columns));
  std::iota(order.begin(), order.end(), Index{0});
  for (Index i = 0; i < B.rows() && kept < columns; ++i) {
    shuffle(order, rng);
    for (Index k = 0; k < columns; ++k) {
      Scalar& entry = B(i, order[static_cast<std::size_t>(k)]);
      entry = k < kept ? scale * entry : Scalar{0};
    }
  }
}

void draw_product(const FeedbackDrawing& drawing, Index fan_in, Index fan_out, Rng& rng, Matrix& B) {
  const Index rank = drawing.rank;
  if (rank > std::min(fan_in, fan_out)) {
    throw std::invalid_argument("rank " + std::to_string(rank) + " is above that of a feedback matrix of " +
                                std::to_string(fan_in) + "x" + std::to_string(fan_out) +
                                ", expected at most " + std::to_string(std::min(fan_in, fan_out)));
  }
  Matrix left(fan_in, rank);
  draw(drawing.initializer, fan_in, fan_out, rng, left);
  Matrix right(rank, fan_out);
  for (Scalar& entry : right.reshaped()) entry = static_cast<Scalar>(rng.normal());
  // A sum of `rank` terms, each of the variance that an entry is to have.
  gemm(static_cast<Scalar>(1 / std::sqrt(static_cast<double>(rank))), left, right, 0, B);
}

}  // namespace

FeedbackDrawing take_dense(Spec& spec) {
  FeedbackDrawing drawing;
  drawing.initializer = take_initializer(spec, drawing.initializer, "how the random matrix is drawn");
  return drawing;
}

FeedbackDrawing take_sparse(Spec& spec) {
  const double density = spec.take_number(
      "density", 0.1, 0, "share of the units above that each unit hears of; above 0, at most 1");
  if (density == 0 || density > 1)
    spec.fail("density is " + to_text(density) + ", expected a number above 0 and at most 1");
  return {.initializer = take_dense(spec).initializer, .density = density};
}

FeedbackDrawing take_low_rank(Spec& spec) {
  const Index rank = spec.take_integer("rank", 8, 1, "of the matrix, a product of two random ones");
  return {.initializer = take_dense(spec).initializer, .rank = rank};
}

const FeedbackDrawing& checked(const FeedbackDrawing& drawing) {
  if (!(drawing.density > 0 && drawing.density <= 1)) {
    throw std::invalid_argument("feedback matrix: density is " + to_text(drawing.density) +
                                ", expected a number above 0 and at most 1");
  }
  check_integer("feedback matrix", "rank", drawing.rank, 0);
  if (drawing.rank > 0 && drawing.density < 1) {
    throw std::invalid_argument("feedback matrix: found both a density and a rank, expected one of them");
  }
  return drawing;
}

void draw(const FeedbackDrawing& drawing, Index fan_in, Index fan_out, Rng& rng, Matrix& B) {
  B.resize(fan_in, fan_out);
  if (drawing.rank > 0) return draw_product(drawing, fan_in, fan_out, rng, B);
  draw(drawing.initializer, fan_in, fan_out, rng, B);
  if (drawing.density < 1) thin_out(drawing.density, rng, B);
}

}  // namespace SOAP_ABI
}  // namespace soap
