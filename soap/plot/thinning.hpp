// Long curves, as short as a picture can show them.
#pragma once

#include <cstddef>

#include "soap/plot/seed_average.hpp"

namespace soap::inline SOAP_ABI {

/// The points that shape the curve in a picture so many pixels wide, its x from end to end: in each column of
/// pixels the first, the lowest, the highest and the last, and one that is not finite if there is any. A
/// curve that has no more points than that altogether is returned as it is.
SampledCurve thinned(SampledCurve curve, std::size_t columns);

}  // namespace soap::inline SOAP_ABI
