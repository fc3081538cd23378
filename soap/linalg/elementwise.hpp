// Functions of many numbers at a time.
#pragma once

#include "soap/base/scalar.hpp"

namespace soap::inline SOAP_ABI {

/// y[i] = f(x[i]) for `count` elements side by side; y may be x. An element has the same bits wherever it
/// stands; the instruction set (instruction_set.hpp) may change the last ones. The largest errors found, in
/// units in the last place, are below 1 for exp, 2.6 for tanh and 2.5 for sigmoid. Denormal numbers,
/// infinities, the sign of 0 and NaN come out as they should.
void exp(const Scalar* x, Scalar* y, Index count);
void tanh(const Scalar* x, Scalar* y, Index count);
/// 1/(1 + e^-x).
void sigmoid(const Scalar* x, Scalar* y, Index count);

/// result[i] = x[i]·(1 - y[i]²), the slope of tanh where y is its value; result may be x or y.
void times_tanh_slope(const Scalar* y, const Scalar* x, Scalar* result, Index count);

/// y[i] = x[i] where z[i] > 0, else 0; y may be z too.
void keep_where_positive(const Scalar* z, const Scalar* x, Scalar* y, Index count);

/// y[i] = |size| with the sign of x[i], but 0 where x[i] is 0; y may be x. The second with a size for each
/// element.
void signed_size(const Scalar* x, Scalar size, Scalar* y, Index count);
void signed_sizes(const Scalar* x, const Scalar* sizes, Scalar* y, Index count);

}  // namespace soap::inline SOAP_ABI
