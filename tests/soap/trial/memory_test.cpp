#include "soap/trial/memory.hpp"

#include <limits>

#include <doctest/doctest.h>

TEST_CASE("the memory of a trial is twice its weights, however many those are") {
  const double bytes = sizeof(soap::Scalar);
  CHECK(soap::trial_memory({.hidden = {20, 30}}, 10, 5) == 2 * bytes * (10 * 20 + 20 * 30 + 30 * 5));
  CHECK(soap::trial_memory({.hidden = {}}, 10, 5) == 2 * bytes * 50);
  CHECK(soap::trial_memory({.hidden = {}, .diagnostics_interval = 7}, 10, 5) == 5 * bytes * 50);
  constexpr soap::Index most = std::numeric_limits<soap::Index>::max();
  CHECK(soap::trial_memory({.hidden = {most, most, most}}, most, most) > 1e38);
  CHECK(soap::machine_memory() > 1e6);
}
