#include "soap/plot/seed_average.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/infinity.hpp"

using namespace soap;
using test::infinity;

TEST_CASE(
    "curves are averaged where any has a sample, on straight lines, without those not there yet or gone") {
  const std::vector<SampledCurve> curves = {{{1, 2, 3}, {1, 3, 5}}, {{0, 4}, {0, 8}}, {{3}, {infinity}}};
  const Series series = average_over_seeds(curves);
  CHECK(series.x == std::vector<double>{0, 1, 2, 3, 4});
  CHECK(series.y == std::vector<double>{0, 1.5, 3.5, 5.5, 8});
  CHECK(series.band_low == std::vector<double>{0, 1, 3, 5, 8});
  CHECK(series.band_high == std::vector<double>{0, 2, 4, 6, 8});
  CHECK(average_over_seeds(std::vector<SampledCurve>{{{1}, {2}}}).band_low.empty());
}

TEST_CASE("a line is named by its rule and by what else differs") {
  const RunLabel bp{.rule = "bp", .step_kind = "backward", .lr = 0.1, .seed = 1};
  RunLabel other = bp;
  other.seed = 2;
  CHECK(differ_in_seed_only(bp, other));
  CHECK(line_name(bp, std::vector{bp, other}) == "bp");
  other.lr = 0.2;
  CHECK(!differ_in_seed_only(bp, other));
  CHECK(line_name(other, std::vector{bp, other}) == "bp, lr 0.2");
  other.step_kind = "soap";
  CHECK(line_name(other, std::vector{bp, other}) == "bp, soap, lr 0.2");
}
