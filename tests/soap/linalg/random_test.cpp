#include "soap/linalg/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include <doctest/doctest.h>

using namespace soap;

TEST_CASE("a stream depends on seed, purpose and index, and on nothing else") {
  CHECK(Rng(1, "weights", 0).bits() == Rng(1, "weights", 0).bits());
  const std::set<std::uint64_t> firsts = {Rng(1, "weights", 0).bits(),  Rng(2, "weights", 0).bits(),
                                          Rng(1, "feedback", 0).bits(), Rng(1, "weights", 1).bits(),
                                          Rng(0, "weights", 1).bits(),  Rng(1).bits()};
  CHECK(firsts.size() == 6);
}

TEST_CASE("the streams never change between versions or platforms") {
  Rng rng(42, "frozen");
  const std::array<std::uint64_t, 3> bits = {rng.bits(), rng.bits(), rng.bits()};
  CHECK(bits == std::array<std::uint64_t, 3>{0xf5b086badd1c7449U, 0x9640d322ca3053dfU, 0x8cb379d846c34635U});
}

TEST_CASE("uniform numbers fill [0, 1) evenly") {
  Rng rng(1, "uniform");
  std::array<int, 10> counts{};
  for (int i = 0; i < 100'000; ++i) {
    const double value = rng.uniform();
    REQUIRE(value >= 0);
    REQUIRE(value < 1);
    ++counts.at(static_cast<std::size_t>(value * 10));
  }
  // Ten counts of about 10,000 with a standard deviation of 95.
  CHECK(*std::min_element(counts.begin(), counts.end()) > 9500);
  CHECK(*std::max_element(counts.begin(), counts.end()) < 10500);
  for (int i = 0; i < 1000; ++i) {
    const double value = rng.uniform(-3, 2);
    REQUIRE(value >= -3);
    REQUIRE(value < 2);
  }
}

TEST_CASE("normal numbers have the moments of the normal distribution") {
  Rng rng(1, "normal");
  constexpr int count = 200'000;
  double sum = 0;
  double squares = 0;
  double fourth = 0;
  for (int i = 0; i < count; ++i) {
    const double value = rng.normal();
    sum += value;
    squares += value * value;
    fourth += std::pow(value, 4);
  }
  CHECK(std::abs(sum / count) < 0.01);
  CHECK(squares / count == doctest::Approx(1).epsilon(0.015));
  CHECK(fourth / count == doctest::Approx(3).epsilon(0.04));
}

TEST_CASE("integers below a bound are even, and a shuffle permutes") {
  Rng rng(1, "integers");
  std::array<int, 3> counts{};
  for (int i = 0; i < 30'000; ++i) ++counts.at(rng.below(3));
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 500);
  CHECK(rng.below(1) == 0);

  std::vector<Index> values(100);
  std::iota(values.begin(), values.end(), Index{0});
  std::vector<Index> shuffled = values;
  shuffle(shuffled, rng);
  CHECK(shuffled != values);
  std::sort(shuffled.begin(), shuffled.end());
  CHECK(shuffled == values);
}
