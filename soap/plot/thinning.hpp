// Long lines, as short as a picture can show them.
#pragma once

#include <cstddef>

#include "soap/plot/chart.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The points that shape a line and its band in a picture so many pixels wide, its x, ascending, from end to
/// end: in each column of pixels the first, the lowest and the highest of line and band, the last, and one
/// that is not finite if there is any. A line that has no more points than that altogether is returned as it
/// is. Averages are taken before: the mean of thinned curves is not the mean of the curves.
Series thinned(Series line, std::size_t columns);

}  // namespace SOAP_ABI
}  // namespace soap
