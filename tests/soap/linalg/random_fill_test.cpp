#include "soap/linalg/random_fill.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/support/instruction_sets.hpp"
#include "tests/support/matrices.hpp"

using namespace soap;

namespace {

using Words = std::array<std::uint32_t, 4>;

// Philox4x32-10, one word at a time.
Words philox(Words c, std::uint64_t key) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32U);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xd2511f53} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xcd9e8d57} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32U) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32U) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += 0x9e3779b9U;
    k1 += 0xbb67ae85U;
  }
  return c;
}

// xoshiro128++, by the program of its authors.
std::uint32_t next(Words& s) {
  const std::uint32_t result = std::rotl(s[0] + s[3], 7) + s[0];
  const std::uint32_t t = s[1] << 9U;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 11);
  return result;
}

// The two words that make element i and the one 16 before or after it.
std::array<std::uint32_t, 2> words_of(const RandomDraw& draw, Index i) {
  const auto generator = static_cast<std::uint64_t>(i / 2048 * 16 + i % 16);
  Words state = philox({static_cast<std::uint32_t>(generator), static_cast<std::uint32_t>(generator >> 32U),
                        static_cast<std::uint32_t>(draw.draw), static_cast<std::uint32_t>(draw.draw >> 32U)},
                       draw.key);
  for (Index group = 0; group < i % 2048 / 32; ++group) (void)(next(state) + next(state));
  const std::uint32_t first = next(state);
  return {first, next(state)};
}

// Rounded as it is in the build: near 1 the logarithm makes much of it.
double unit(std::uint32_t word) {
  return static_cast<double>((static_cast<Scalar>(word >> 1U) + Scalar(0.5)) * Scalar(0x1p-31));
}

double expected_normal(const RandomDraw& draw, Index i) {
  const auto [first, second] = words_of(draw, i);
  const double radius = std::sqrt(-2 * std::log(unit(first)));
  const double angle = 2 * std::numbers::pi * static_cast<std::int32_t>(second) * 0x1p-32;
  return radius * (i % 32 < 16 ? std::cos(angle) : std::sin(angle));
}

double expected_unit(const RandomDraw& draw, Index i) { return unit(words_of(draw, i)[i % 32 < 16 ? 0 : 1]); }

Matrix normal(const RandomDraw& draw, Index rows, Index cols) {
  Matrix values(rows, cols);
  fill_normal(draw, 1, values);
  return values;
}

constexpr RandomDraw some{.key = 0x0123456789abcdefU, .draw = 0x100000007U};

}  // namespace

TEST_CASE("the generators of this test are the named ones, by their authors' figures") {
  CHECK(philox({0, 0, 0, 0}, 0) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, ~std::uint64_t{0}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822U) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  // The first words of xoshiro128++ from the state 1, 2, 3, 4, which libraries in other languages test too.
  Words state = {1, 2, 3, 4};
  CHECK(next(state) == 641);
  CHECK(next(state) == 1573767);
  CHECK(next(state) == 3222811527U);
  CHECK(next(state) == 3517856514U);
}

TEST_CASE("numbers are those of the formula, whatever the instruction set") {
  const Matrix first = normal(some, 67, 101);
  const double tolerance = 30 * static_cast<double>(Eigen::NumTraits<Scalar>::epsilon());
  for_each_instruction_set([&] {
    const Matrix found = normal(some, 67, 101);
    CHECK(same_bits(found, first));
    Matrix uniform(67, 101);
    fill_uniform(some, -2, 3, uniform);
    for (Index i = 0; i < found.size(); ++i) {
      CAPTURE(i);
      // The radius, which the other of the pair shares, may be larger than the number.
      REQUIRE(std::abs(found.data()[i] - expected_normal(some, i)) <= tolerance);
      REQUIRE(std::abs(uniform.data()[i] - (5 * expected_unit(some, i) - 2)) <= tolerance);
    }
  });
}

TEST_CASE("an element's number depends on its place alone, and nothing beyond the matrix is touched") {
  const Matrix whole = normal(some, 200, 1);
  for_each_instruction_set([&] {
    for (Index count = 0; count <= 100; ++count) {
      Matrix values = Matrix::Constant(101, 1, -7);
      fill_normal(some, 1, values.topRows(count));
      REQUIRE(same_bits(values.topRows(count), whole.topRows(count)));
      REQUIRE((values.bottomRows(101 - count).array() == -7).all());
    }
  });
  const Matrix large = normal(some, 300, 700);
  CHECK(same_bits(large.reshaped(210'000, 1).topRows(200), whole));
  for (const int count : {1, 3}) {
    const ThreadCount threads(count);
    CHECK(same_bits(normal(some, 300, 700), large));
  }
}

TEST_CASE("normal numbers have the moments and the tails of the normal distribution") {
  const Eigen::ArrayXd x = normal({.key = 1, .draw = 0}, 1000, 1000).reshaped().cast<double>().array();
  // Bounds of five standard deviations of such means.
  CHECK(std::abs(x.mean()) < 0.005);
  CHECK(std::abs(x.square().mean() - 1) < 5 * std::sqrt(2e-6));
  CHECK(std::abs(x.cube().mean()) < 5 * std::sqrt(15e-6));
  CHECK(std::abs(x.pow(4).mean() - 3) < 5 * std::sqrt(96e-6));
  const double beyond_three = 2.699796e-3;
  CHECK(std::abs((x.abs() > 3).cast<double>().mean() - beyond_three) < 5 * std::sqrt(beyond_three * 1e-6));
  const double below_tenth = 0.0796557;
  CHECK(std::abs((x.abs() < 0.1).cast<double>().mean() - below_tenth) < 5 * std::sqrt(below_tenth * 1e-6));
}

TEST_CASE("numbers of other draws, other keys and other places have nothing to do with each other") {
  const Matrix one = normal(some, 1000, 100);
  const double bound = 5 * std::sqrt(1e5);
  for (const RandomDraw& other :
       {RandomDraw{some.key, some.draw + 1}, RandomDraw{some.key, some.draw + (std::uint64_t{1} << 32U)},
        RandomDraw{some.key + 1, some.draw}, RandomDraw{some.key + (std::uint64_t{1} << 32U), some.draw}}) {
    CHECK(std::abs(one.cwiseProduct(normal(other, 1000, 100)).sum()) < bound);
  }
  for (const Index lag : {1, 2, 8, 16, 32}) {
    const auto x = one.reshaped().array();
    const Index rest = x.size() - lag;
    CHECK(std::abs((x.head(rest) * x.tail(rest)).sum()) < bound);
    CHECK(std::abs(((x.head(rest).square() - 1) * (x.tail(rest).square() - 1)).sum()) < 2 * bound);
  }
}

TEST_CASE("a matrix with gaps between its columns is refused") {
  Matrix values(10, 10);
  CHECK_THROWS_AS(fill_normal(some, 1, values.topRows(5)), std::invalid_argument);
}
