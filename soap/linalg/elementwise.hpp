// Functions of many numbers at a time.
#pragma once

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// y[i] = f(x[i]) for `count` elements side by side; y may be x. An element has the same bits wherever it
/// stands; the instruction set (instruction_set.hpp) may change the last ones. The largest errors found, in
/// units in the last place, are below 1 for exp, 2.6 for tanh, 2.5 for sigmoid and softplus, and 4.8
/// for gelu, in double precision 7. Denormal numbers, infinities, the sign of 0 and NaN come out as they
/// should.
void exp(const Scalar* x, Scalar* y, Index count);
void tanh(const Scalar* x, Scalar* y, Index count);
/// 1/(1 + e^-x).
void sigmoid(const Scalar* x, Scalar* y, Index count);
/// log(1 + e^x), without overflow.
void softplus(const Scalar* x, Scalar* y, Index count);
/// x·Φ(x), with the normal distribution's exact Φ.
void gelu(const Scalar* x, Scalar* y, Index count);

/// result[i] = x[i]/(1 + e^-z[i]), the slope of softplus at z; result may be x or z.
void times_sigmoid(const Scalar* z, const Scalar* x, Scalar* result, Index count);

/// result[i] = x[i]·(Φ(z[i]) + z[i]·φ(z[i])), the slope of GELU at z, with the normal distribution's Φ and
/// its density φ; result may be x or z. The slope is exact but for twice the last place of
/// 1, and below z = -2 for 8 units in its own last place.
void times_gelu_slope(const Scalar* z, const Scalar* x, Scalar* result, Index count);

/// result[i] = x[i]·(1 - y[i]²), the slope of tanh where y is its value; result may be x or y.
void times_tanh_slope(const Scalar* y, const Scalar* x, Scalar* result, Index count);

/// y[i] = x[i] where z[i] > 0, else 0; y may be z too.
void keep_where_positive(const Scalar* z, const Scalar* x, Scalar* y, Index count);

/// y[i] = |size| with the sign of x[i], but 0 where x[i] is 0; y may be x. The second with a size for each
/// element.
void signed_size(const Scalar* x, Scalar size, Scalar* y, Index count);
void signed_sizes(const Scalar* x, const Scalar* sizes, Scalar* y, Index count);

}  // namespace SOAP_ABI
}  // namespace soap
