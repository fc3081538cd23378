#include "soap/report/looks.hpp"

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/report/report_folder.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/trial_records.hpp"

using soap::read_looks;

TEST_CASE(
    "a folder remembers with how many seeds its reports were made, and each corrects for those before") {
  const test::TemporaryFolder out;
  const soap::TrialStore store(out.path());
  CHECK(read_looks(out.path()).empty());
  const auto report = [&](std::uint64_t seeds) {
    for (const auto& record : test::sweep({"bp", "fa"}, seeds)) store.save(record);
    return soap::write_report(out.path()).problems.front();
  };
  CHECK(report(4).looks.empty());  // nothing was tested
  CHECK(report(7).looks == std::vector<std::size_t>{7});
  const double level = report(7).level;
  CHECK(level == doctest::Approx(0.035));
  const auto later = report(9);
  CHECK(later.looks == std::vector<std::size_t>{7, 9});
  CHECK(later.level < level);
  const auto looks = read_looks(out.path());
  REQUIRE(looks.size() == 1);
  CHECK(looks.begin()->second == std::vector<std::size_t>{7, 9});
}

TEST_CASE("looks that cannot be read are an error, not a fresh start") {
  const test::TemporaryFolder out;
  (void)out.write("looks.csv", "problem,seeds\nx,none\n");
  CHECK_THROWS_AS((void)read_looks(out.path()), soap::IoError);
}
