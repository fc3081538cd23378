#include "soap/diagnostics/feedback_matrix.hpp"

namespace soap::inline SOAP_ABI {

Matrix feedback_matrix(const Feedback& feedback, ConstRef W, Index n_out) {
  const Index out = W.rows();
  if (feedback.carries() == Carries::delta) {
    const Matrix nothing = Matrix::Zero(n_out, out);
    Matrix sent(W.cols(), out);
    feedback.send_down(W, Matrix::Identity(out, out), {nothing, nothing}, sent);
    return sent;
  }
  Matrix sent(W.cols(), n_out);
  const Matrix identity = Matrix::Identity(n_out, n_out);
  if (feedback.carries() == Carries::output_error) {
    const Matrix nothing = Matrix::Zero(n_out, n_out);
    feedback.send_down(W, Matrix::Zero(out, n_out), {identity, nothing}, sent);
    return sent;
  }
  const Matrix nothing = Matrix::Zero(n_out, 1);
  const Matrix no_delta = Matrix::Zero(out, 1);
  for (Index k = 0; k < n_out; ++k) feedback.send_down(W, no_delta, {nothing, identity.col(k)}, sent.col(k));
  return -sent;
}

}  // namespace soap::inline SOAP_ABI
