// How the random matrix of a feedback is drawn.
#pragma once

#include "soap/base/spec.hpp"
#include "soap/linalg/initializer.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Dense by default. Sparse or of low rank the entries are scaled such that a sum over a row of B has the
/// variance that it has for a dense one, so that errors keep their size.
struct FeedbackDrawing {
  Initializer initializer = Initializer::xavier_normal;
  double density = 1;  ///< share of the units above that each unit below hears of, in (0, 1]
  Index rank = 0;      ///< of B, as a product of two random matrices; 0 for one that is dense itself
};

/// From the parameters of a text, such as "init=kaiming_normal", "density=0.1" or "rank=8".
FeedbackDrawing take_dense(Spec& spec);
FeedbackDrawing take_sparse(Spec& spec);
FeedbackDrawing take_low_rank(Spec& spec);

/// Returns `drawing`. Throws std::invalid_argument when the density is not in (0, 1] or the rank below 0, and
/// when it is asked to be sparse and of low rank at once.
const FeedbackDrawing& checked(const FeedbackDrawing& drawing);

/// Draws B, fan_in x fan_out, the transpose of a weight matrix with these fans. Throws std::invalid_argument
/// when the rank is above that of such a matrix, or when the density, rounded to whole connections, leaves a
/// unit none.
void draw(const FeedbackDrawing& drawing, Index fan_in, Index fan_out, Rng& rng, Matrix& B);

}  // namespace SOAP_ABI
}  // namespace soap
