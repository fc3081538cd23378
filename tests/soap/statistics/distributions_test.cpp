#include "soap/statistics/distributions.hpp"

#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/statistics.hpp"

using doctest::Approx;
using soap::student_t_below;

namespace {

const nlohmann::json& figures(const char* name) {
  return soap::reference_statistics().at("distributions").at(name);
}

}  // namespace

TEST_CASE("Student's t has the percentage points of the printed tables") {
  // 97.5 % points to three digits after the point, and 99.5 % ones.
  CHECK(student_t_below(12.706, 1) == Approx(0.975).epsilon(1e-5));
  CHECK(student_t_below(4.303, 2) == Approx(0.975).epsilon(1e-5));
  CHECK(student_t_below(3.182, 3) == Approx(0.975).epsilon(1e-4));
  CHECK(student_t_below(2.776, 4) == Approx(0.975).epsilon(1e-4));
  CHECK(student_t_below(2.262, 9) == Approx(0.975).epsilon(1e-4));
  CHECK(student_t_below(4.604, 4) == Approx(0.995).epsilon(1e-4));
  CHECK(student_t_below(1.960, 9999) == Approx(0.975).epsilon(1e-4));
  CHECK(student_t_below(0, 7) == 0.5);
  CHECK(student_t_below(-2.776, 4) == Approx(0.025).epsilon(1e-3));
  CHECK_THROWS_AS(student_t_below(1, 0), std::invalid_argument);
}

TEST_CASE("distributions are those of scipy") {
  const auto near = [](double found, const nlohmann::json& expected, double tolerance) {
    CHECK(std::abs(found - expected.get<double>()) <= tolerance);
  };
  for (const auto& row : figures("beta")) near(soap::regularized_beta(row[0], row[1], row[2]), row[3], 1e-10);
  for (const auto& row : figures("t")) near(student_t_below(row[0], row[1]), row[2], 1e-10);
  for (const auto& row : figures("t_above"))
    near(soap::student_t_above(row[0], row[1]), row[2], 1e-8 * row[2].get<double>());
  for (const auto& row : figures("f")) near(soap::f_above(row[0], row[1], row[2]), row[3], 1e-10);
  for (const auto& row : figures("chi_square")) near(soap::chi_square_above(row[0], row[1]), row[2], 1e-10);
  for (const auto& row : figures("studentized_range"))
    near(soap::studentized_range_above(row[0], row[1]), row[2], 1e-8);
  for (const auto& row : figures("noncentral_t"))
    near(soap::noncentral_t_beyond(row[0], row[1], row[2]), row[3], 1e-8);
}

TEST_CASE("small tails keep their digits") {
  // scipy.stats.norm.cdf(-8), t.sf(12, 9), chi2.sf(90, 3), f.sf(200, 3, 9) to six digits.
  CHECK(soap::normal_below(-8) == Approx(6.22096e-16).epsilon(1e-5));
  CHECK(student_t_below(-12, 9) == Approx(3.84994e-07).epsilon(1e-5));
  CHECK(soap::chi_square_above(90, 3) == Approx(2.19057e-19).epsilon(1e-5));
  CHECK(soap::f_above(200, 3, 9) == Approx(1.49091e-08).epsilon(1e-5));
}
