// A matrix as a factor of a product: where its numbers lie.
#pragma once

#include <type_traits>
#include <utility>

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// One factor of a product: a view of a matrix, of a block of one, or of the transpose (`W.transpose()`) of
/// either, without a copy. An expression that must be computed first, such as `a + b`, does not compile.
class Factor {
 public:
  template <class Expression>
  requires((Expression::Flags & Eigen::DirectAccessBit) != 0 &&
           std::is_same_v<typename Expression::Scalar, Scalar>)
      Factor(
          const Eigen::MatrixBase<Expression>& matrix)  // NOLINT(google-explicit-constructor): is that matrix
      : data_(matrix.derived().data()),
        rows_(matrix.rows()),
        cols_(matrix.cols()),
        row_stride_(matrix.rowStride()),
        col_stride_(matrix.colStride()) {}

  /// A view of a matrix that is gone by the next line.
  template <class Plain>
  Factor(Eigen::PlainObjectBase<Plain>&&) = delete;  // NOLINT(google-explicit-constructor)

  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index cols() const { return cols_; }
  [[nodiscard]] Index row_stride() const { return row_stride_; }
  [[nodiscard]] Index col_stride() const { return col_stride_; }
  [[nodiscard]] const Scalar* at(Index row, Index col) const {
    return data_ + row * row_stride_ + col * col_stride_;
  }

  [[nodiscard]] Factor transposed() const {
    Factor result = *this;
    std::swap(result.rows_, result.cols_);
    std::swap(result.row_stride_, result.col_stride_);
    return result;
  }

  [[nodiscard]] Matrix copy() const {
    return Matrix::NullaryExpr(rows_, cols_, [this](Index row, Index col) { return *at(row, col); });
  }

 private:
  const Scalar* data_;
  Index rows_;
  Index cols_;
  Index row_stride_;
  Index col_stride_;
};

}  // namespace SOAP_ABI
}  // namespace soap
