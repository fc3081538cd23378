#include "soap/linalg/random_fill.hpp"

#include <algorithm>
#include <stdexcept>

#include "soap/linalg/kernels/kernels.hpp"
#include "soap/linalg/runs.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Calls fill(stretch, values, count) for parts of whole chunks.
template <class Fill>
void fill_parts(const RandomDraw& draw, Ref values, Fill fill) {
  if (!gapless(values))
    throw std::invalid_argument(
        "random numbers: found a matrix with gaps between its columns, expected none");
  // Some twenty operations make a number, several of them at a time.
  parallel_ranges((values.size() + random_chunk - 1) / random_chunk, 5 * values.size(),
                  [&](Index first, Index chunks) {
                    const RandomStretch stretch{
                        .key = draw.key, .draw = draw.draw, .first_chunk = static_cast<std::uint64_t>(first)};
                    fill(stretch, values.data() + random_chunk * first,
                         std::min(random_chunk * chunks, values.size() - random_chunk * first));
                  });
}

}  // namespace

void fill_normal(const RandomDraw& draw, double deviation, Ref values) {
  fill_parts(draw, values, [&](const RandomStretch& stretch, Scalar* first, Index count) {
    kernels().normal_numbers(stretch, static_cast<Scalar>(deviation), first, count);
  });
}

void fill_uniform(const RandomDraw& draw, double low, double high, Ref values) {
  fill_parts(draw, values, [&](const RandomStretch& stretch, Scalar* first, Index count) {
    kernels().uniform_numbers(stretch, static_cast<Scalar>(low), static_cast<Scalar>(high - low), first,
                              count);
  });
}

}  // namespace SOAP_ABI
}  // namespace soap
