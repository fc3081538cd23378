#include "soap/data/batch_order.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using soap::BatchOrder;
using soap::Index;

namespace {

std::vector<Index> visited(const BatchOrder& order) {
  std::vector<Index> examples;
  for (Index i = 0; i < order.batches(); ++i) {
    const auto batch = order.batch(i);
    examples.insert(examples.end(), batch.begin(), batch.end());
  }
  return examples;
}

std::vector<Index> counting(Index count) {
  std::vector<Index> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), Index{0});
  return values;
}

}  // namespace

TEST_CASE("an epoch visits every example once, in batches whose sizes differ by at most one") {
  // 103 = 4 x 10 + 7 x 9.
  BatchOrder order(103, 10, 1);
  order.start_epoch(0);
  REQUIRE(order.batches() == 11);
  for (Index i = 0; i < 11; ++i) CHECK(order.batch(i).size() == (i < 4 ? 10 : 9));

  auto examples = visited(order);
  CHECK(examples != counting(103));
  std::sort(examples.begin(), examples.end());
  CHECK(examples == counting(103));
}

TEST_CASE("no batch of an epoch is ever larger than asked for, or smaller than another by two") {
  for (Index examples = 1; examples <= 70; ++examples) {
    for (Index size = 1; size <= 75; ++size) {
      const BatchOrder order(examples, size, 1);
      CHECK(order.batches() == (examples + size - 1) / size);
      std::size_t least = order.batch(0).size();
      std::size_t most = least;
      for (Index i = 0; i < order.batches(); ++i) {
        least = std::min(least, order.batch(i).size());
        most = std::max(most, order.batch(i).size());
      }
      CHECK(least + 1 >= most);
      CHECK(most <= static_cast<std::size_t>(size));
      CHECK(order.before(order.batches()) == examples);
    }
  }
}

TEST_CASE("full batches and then the rest, as PyTorch cuts them, hold the same examples in the same order") {
  BatchOrder order(103, 10, 1, soap::BatchSizes::full_but_last);
  order.start_epoch(0);
  REQUIRE(order.batches() == 11);
  for (Index i = 0; i < 10; ++i) CHECK(order.batch(i).size() == 10);
  CHECK(order.batch(10).size() == 3);
  CHECK(order.before(10) == 100);
  BatchOrder even(103, 10, 1);
  even.start_epoch(0);
  CHECK(visited(order) == visited(even));
}

TEST_CASE("batches that divide the examples leave no empty one") {
  CHECK(BatchOrder(100, 10, 1).batches() == 10);
  CHECK(BatchOrder(3, 10, 1).batches() == 1);
  CHECK(BatchOrder(3, 10, 1).batch(0).size() == 3);
}

TEST_CASE("the order depends on the seed and the epoch, and on nothing else") {
  BatchOrder one(50, 7, 1);
  BatchOrder other(50, 7, 1);
  one.start_epoch(0);
  const auto first = visited(one);
  one.start_epoch(1);
  const auto second = visited(one);
  CHECK(first != second);

  other.start_epoch(1);
  CHECK(visited(other) == second);
  one.start_epoch(0);
  CHECK(visited(one) == first);

  BatchOrder reseeded(50, 7, 2);
  reseeded.start_epoch(0);
  CHECK(visited(reseeded) != first);
  BatchOrder larger_batches(50, 20, 1);
  larger_batches.start_epoch(0);
  CHECK(visited(larger_batches) == first);
}

TEST_CASE("before the first epoch examples come in their own order") {
  CHECK(visited(BatchOrder(25, 4, 9)) == counting(25));
}

TEST_CASE("starting an epoch moves no memory") {
  BatchOrder order(20, 4, 1);
  const Index* before = order.batch(0).data();
  order.start_epoch(3);
  CHECK(order.batch(0).data() == before);
}

TEST_CASE("no examples and batches of nothing are refused") {
  CHECK_THROWS_AS(BatchOrder(0, 4, 1), std::invalid_argument);
  CHECK_THROWS_AS(BatchOrder(4, 0, 1), std::invalid_argument);
  CHECK_THROWS_AS(BatchOrder(4, -1, 1), std::invalid_argument);
}
