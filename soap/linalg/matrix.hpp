// Matrix types. Samples are columns: a batch X is features x batch, a weight matrix W is out x in.
#pragma once

#include "soap/base/scalar.hpp"

// Eigen takes the layout of a heap block from the compiler flags: a plain malloc block without AVX, one
// aligned by hand with it. A matrix made in code of one kind and freed in code of the other would corrupt the
// heap. 64 bytes, the most that any flags ask for, gives hand-aligned blocks under all of them. soap's CMake
// targets and pkg-config files define the macro for all of the user's code.
#ifndef EIGEN_MAX_ALIGN_BYTES
#define EIGEN_MAX_ALIGN_BYTES 64
#endif

#include <Eigen/Core>

#if EIGEN_DEFAULT_ALIGN_BYTES != 64
#error \
    "soap needs EIGEN_MAX_ALIGN_BYTES=64 in every file that includes Eigen: link soap::soap, use the flags of pkg-config soap, or define it on the command line"
#endif

namespace soap {
inline namespace SOAP_ABI {

static_assert(std::is_same_v<Index, Eigen::Index>, "soap needs Eigen's own EIGEN_DEFAULT_DENSE_INDEX_TYPE");
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;  // column-major

/// A writable view of a matrix or of a block of its columns or rows; pass it by value.
using Ref = Eigen::Ref<Matrix>;
/// A read-only view that can be stored.
using ConstView = Eigen::Ref<const Matrix>;
/// A read-only function argument: binds to a matrix, a block of it or a view, without a copy.
using ConstRef = const ConstView&;

}  // namespace SOAP_ABI
}  // namespace soap
