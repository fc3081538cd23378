#include "soap/sweep/trial_timings.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;

TEST_CASE("timings come to a table of their own, and none without trials") {
  const test::TemporaryFolder out;
  soap::TrialTimings timings(out.path());
  CHECK(fs::is_empty(out.path()));
  timings.add("0123456789abcdef", 1.25);
  timings.add("fedcba9876543210", 0.0004);
  const fs::directory_iterator files(out.path() / "timings");
  CHECK(test::text_of(files->path()) == "key,seconds\n0123456789abcdef,1.250\nfedcba9876543210,0.000\n");
  CHECK(std::distance(files, {}) == 1);
}
